import type { Catalogue } from '../../../model/text.ts'

/** Sentences of the steps that all ways share, and of the measures. */
export const english: Catalogue = {
  'proxmox-vm.shutdown.title': '{{machine}}: clean shutdown at {{sourceSite}}',
  'proxmox-vm.shutdown.byHand':
    'The machine must be off at {{targetSite}} (ssh {{target}} qm status {{targetVmid}}). Then ssh {{source}}: qm unlock {{vmid}}; qm set {{vmid}} --onboot 1; qm start {{vmid}}; qm agent {{vmid}} ping. If the guest still has the address of {{targetSite}}, put its files back and restart its network. Nothing but {{staging}}/before-shutdown.json says whether onboot was 1.',
  'proxmox-vm.start.title': '{{machine}}: start at {{targetSite}}',
  'proxmox-vm.start.byHand':
    'ssh {{target}}: qm shutdown {{targetVmid}} --timeout 120; qm status {{targetVmid}} must say stopped; qm set {{targetVmid}} --onboot 0. Do not destroy it: what it has written goes home in the next step.',
  'proxmox-vm.start-copy.title': '{{machine}}: start of a copy at {{targetSite}}',
  'proxmox-vm.start-copy.byHand':
    'ssh {{target}}: {{staging}}/copy-rehearsal.json names the copy; qm stop NUMBER; qm destroy NUMBER --purge; rm {{staging}}/copy-rehearsal.json',
  'proxmox-vm.test-restore.title': '{{machine}}: test restore in an isolated network at {{targetSite}}',
  'proxmox-vm.test-restore.noUndo':
    'The copy is destroyed by the step itself; what stays is the record of the test.',
  'proxmox-vm.test-restore.nothing': '{{component}}: {{host}} holds no whole copy that could be restored.',

  'proxmox-vm.measure.restoredProbesFailed': '{{component}}: probes that fail in the restored copy',
  'proxmox-vm.measure.machineUnhealthy':
    '{{component}}: agent, address and probes at the target that are not right',
  'proxmox-vm.measure.deltaBytes': '{{component}}: written and not sent yet',
  'proxmox-vm.measure.disksDifferent': '{{component}}: disks whose content differs',

  'proxmox-vm.shutdown.failed':
    '{{component}}: the machine {{vmid}} is still running at {{site}} {{seconds}} s after it was asked to shut down; it was not switched off.',
  'proxmox-vm.shutdown.failed.remedy':
    'Look at its console, end what holds it, then order a retry; or shut it down by hand: ssh {{host}} qm shutdown {{vmid}}. To let the machine be switched off: shutdown.forceStop in the plan.',
  'proxmox-vm.shutdown.locked':
    '{{component}}: the machine {{vmid}} is locked at {{site}} ({{lock}}), and no task of it runs: it was left as it is.',
  'proxmox-vm.shutdown.locked.remedy':
    'Look at what left the lock: ssh {{host}} pvenode task list --vmid {{vmid}}; when it is over, type ssh {{host}} qm unlock {{vmid}}, then order a retry.',
  'proxmox-vm.wake.silent':
    '{{component}}: the agent of machine {{vmid}} did not answer at {{site}} within {{seconds}} s.',
  'proxmox-vm.wake.probes':
    '{{component}}: {{count}} probes still fail in machine {{vmid}} at {{site}} after {{seconds}} s: {{detail}}',
  'proxmox-vm.wake.remedy':
    'Look at it: ssh {{host}} qm status {{vmid}} --verbose; ssh -t {{host}} qm terminal {{vmid}}',
  'proxmox-vm.address.notApplied':
    '{{component}}: in the guest at {{site}}, "{{command}}" ended with {{exitCode}}: {{detail}}',
  'proxmox-vm.address.other':
    '{{component}}: at {{site}} the guest should have the address {{wanted}}; it has {{found}}.',
  'proxmox-vm.address.other.remedy':
    'Look at its network: ssh {{host}} qm guest cmd {{vmid}} network-get-interfaces; correct network in the plan.',

  'proxmox-vm.qmp.refused': 'QEMU on {{host}} ({{socket}}) refuses {{command}}: {{detail}}',
  'proxmox-vm.qmp.silent': 'Nothing answers on {{host}} at {{socket}} (exit {{exitCode}}): {{detail}}',
  'proxmox-vm.qmp.silent.remedy':
    'Try it: ssh {{host}} {{command}} </dev/null must print a line that begins with {"QMP". If socat is missing: apt install socat.',
}

export const french: Catalogue = {
  'proxmox-vm.shutdown.title': '{{machine}} : arrêt propre à {{sourceSite}}',
  'proxmox-vm.shutdown.byHand':
    'La machine doit être éteinte à {{targetSite}} (ssh {{target}} qm status {{targetVmid}}). Ensuite ssh {{source}} : qm unlock {{vmid}} ; qm set {{vmid}} --onboot 1 ; qm start {{vmid}} ; qm agent {{vmid}} ping. Si l’invité a encore l’adresse de {{targetSite}}, remettre ses fichiers en l’état et relancer son réseau. Seul {{staging}}/before-shutdown.json dit si onboot valait 1.',
  'proxmox-vm.start.title': '{{machine}} : démarrage à {{targetSite}}',
  'proxmox-vm.start.byHand':
    'ssh {{target}} : qm shutdown {{targetVmid}} --timeout 120 ; qm status {{targetVmid}} doit dire stopped ; qm set {{targetVmid}} --onboot 0. Ne pas la détruire : ce qu’elle a écrit revient à l’étape suivante.',
  'proxmox-vm.start-copy.title': '{{machine}} : démarrage d’une copie à {{targetSite}}',
  'proxmox-vm.start-copy.byHand':
    'ssh {{target}} : {{staging}}/copy-rehearsal.json nomme la copie ; qm stop NUMÉRO ; qm destroy NUMÉRO --purge ; rm {{staging}}/copy-rehearsal.json',
  'proxmox-vm.test-restore.title': '{{machine}} : restauration d’essai en réseau isolé à {{targetSite}}',
  'proxmox-vm.test-restore.noUndo':
    'L’étape détruit elle-même la copie ; il ne reste que le compte rendu de l’essai.',
  'proxmox-vm.test-restore.nothing': '{{component}} : {{host}} n’a aucune copie entière à restaurer.',

  'proxmox-vm.measure.restoredProbesFailed': '{{component}} : sondes en échec dans la copie restaurée',
  'proxmox-vm.measure.machineUnhealthy': '{{component}} : agent, adresse et sondes en défaut à la cible',
  'proxmox-vm.measure.deltaBytes': '{{component}} : écrit et pas encore envoyé',
  'proxmox-vm.measure.disksDifferent': '{{component}} : disques dont le contenu diffère',

  'proxmox-vm.shutdown.failed':
    '{{component}} : la machine {{vmid}} tourne encore à {{site}} {{seconds}} s après la demande d’arrêt ; elle n’a pas été coupée.',
  'proxmox-vm.shutdown.failed.remedy':
    'Regarder sa console, mettre fin à ce qui la retient, puis ordonner un nouvel essai ; ou l’arrêter à la main : ssh {{host}} qm shutdown {{vmid}}. Pour autoriser la coupure : shutdown.forceStop dans le plan.',
  'proxmox-vm.shutdown.locked':
    '{{component}} : la machine {{vmid}} est verrouillée à {{site}} ({{lock}}) et aucune de ses tâches ne tourne ; elle a été laissée telle quelle.',
  'proxmox-vm.shutdown.locked.remedy':
    'Chercher ce qui a laissé ce verrou : ssh {{host}} pvenode task list --vmid {{vmid}} ; si ce travail est fini, taper ssh {{host}} qm unlock {{vmid}}, puis ordonner un nouvel essai.',
  'proxmox-vm.wake.silent':
    '{{component}} : l’agent de la machine {{vmid}} n’a pas répondu à {{site}} en {{seconds}} s.',
  'proxmox-vm.wake.probes':
    '{{component}} : {{count}} sondes échouent encore dans la machine {{vmid}} à {{site}} après {{seconds}} s : {{detail}}',
  'proxmox-vm.wake.remedy':
    'Aller voir : ssh {{host}} qm status {{vmid}} --verbose ; ssh -t {{host}} qm terminal {{vmid}}',
  'proxmox-vm.address.notApplied':
    '{{component}} : dans l’invité à {{site}}, « {{command}} » a fini avec {{exitCode}} : {{detail}}',
  'proxmox-vm.address.other':
    '{{component}} : à {{site}} l’invité devrait avoir l’adresse {{wanted}} ; il a {{found}}.',
  'proxmox-vm.address.other.remedy':
    'Regarder son réseau : ssh {{host}} qm guest cmd {{vmid}} network-get-interfaces ; corriger network dans le plan.',

  'proxmox-vm.qmp.refused': 'QEMU sur {{host}} ({{socket}}) refuse {{command}} : {{detail}}',
  'proxmox-vm.qmp.silent': 'Rien ne répond sur {{host}} à {{socket}} (code {{exitCode}}) : {{detail}}',
  'proxmox-vm.qmp.silent.remedy':
    'Essayer : ssh {{host}} {{command}} </dev/null doit afficher une ligne qui commence par {"QMP". Si socat manque : apt install socat.',
}
