import type { Catalogue } from '../../../model/text.ts'

/** What preflight says of the ways to the hypervisors, the token, the machine and its agent. */
export const english: Catalogue = {
  'proxmox-vm.finding.api-answers': '{{site}}: Proxmox VE {{version}} answers at {{url}}.',
  'proxmox-vm.finding.node-offline': '{{site}}: node {{node}} is not online ({{status}}).',
  'proxmox-vm.finding.node-offline.remedy':
    'Start it, or name another one in target.node; to see them: ssh {{ssh}} pvecm nodes',
  'proxmox-vm.finding.rights-missing': '{{site}}: the token {{token}} lacks at {{path}}: {{privileges}}.',
  'proxmox-vm.finding.rights-missing.remedy': 'Type as root on {{ssh}}: {{command}}',
  'proxmox-vm.finding.rights-missing-for-way':
    '{{site}}: the token {{token}} lacks at {{path}}: {{privileges}}. Only {{ways}} wants it.',
  'proxmox-vm.finding.rights-missing-for-way.remedy':
    'Name another way in the plan, or type as root on {{ssh}}: {{command}}',
  'proxmox-vm.finding.tool-missing': '{{ssh}} has no {{tool}}: disks could neither be sent nor brought back.',
  'proxmox-vm.finding.tool-missing.remedy': 'Type: ssh {{ssh}} apt install {{package}}',
  'proxmox-vm.finding.no-login-between':
    '{{source}} and {{target}} cannot log in at each other without being asked.',
  'proxmox-vm.finding.no-login-between.remedy':
    'Give each the key of the other, until both answer nothing: ssh {{source}} ssh -o BatchMode=yes {{targetAddress}} true; ssh {{target}} ssh -o BatchMode=yes {{sourceAddress}} true',

  'proxmox-vm.finding.machine':
    '{{machine}} ({{vmid}} on {{node}}): {{disks}}; {{used}} GB used of {{provisioned}} GB.',
  'proxmox-vm.finding.machine-missing': '{{machine}}: {{site}} has no machine {{vmid}} on node {{node}}.',
  'proxmox-vm.finding.machine-missing.remedy':
    'Correct vmid or node in the plan; to see them: ssh {{ssh}} qm list',
  'proxmox-vm.finding.machine-elsewhere':
    '{{machine}}: machine {{vmid}} is on node {{other}}, not on {{node}}.',
  'proxmox-vm.finding.machine-elsewhere.remedy':
    'Write source.node: {{other}} in the plan, and the host and API of that node.',
  'proxmox-vm.finding.no-disk': '{{machine}} ({{vmid}}) has no disk that could be moved.',
  'proxmox-vm.finding.no-disk.remedy': 'Look at its settings: ssh {{ssh}} qm config {{vmid}}',
  'proxmox-vm.finding.declared-size':
    '{{machine}}: its disks hold {{used}} GB; the plan declares {{to}} GB at most.',
  'proxmox-vm.finding.declared-size.remedy':
    'Correct declaredSize in the plan: durations are computed from it.',
  'proxmox-vm.finding.template': '{{machine}} ({{vmid}}) is a template: it can be copied, not started.',
  'proxmox-vm.finding.template.remedy': 'Name the machine made from it in the plan: ssh {{ssh}} qm list',
  'proxmox-vm.finding.locked':
    '{{machine}} ({{vmid}}) is locked ({{lock}}): Proxmox VE refuses to change or move it.',
  'proxmox-vm.finding.locked.remedy':
    'Look whether that work still runs (ssh {{ssh}} pvenode task list --source active); if not, type: ssh {{ssh}} qm unlock {{vmid}}',
  'proxmox-vm.finding.protected':
    '{{machine}} ({{vmid}}) is protected: it will be at the target too, and neither can be removed by mistake.',
  'proxmox-vm.finding.protected.remedy':
    'Before the old site is given up, type: ssh {{ssh}} qm set {{vmid}} --protection 0',
  'proxmox-vm.finding.onboot':
    '{{machine}} starts with its hypervisor: that is taken away for the night, and put back by a rollback.',
  'proxmox-vm.finding.machine-off':
    '{{machine}} ({{vmid}}) is off: neither its agent nor what it writes in a day could be looked at.',
  'proxmox-vm.finding.machine-off.remedy': 'If it should be on, type: ssh {{ssh}} qm start {{vmid}}',
  'proxmox-vm.finding.machine-halted': '{{machine}} ({{vmid}}) stands still in QEMU: {{state}}.',
  'proxmox-vm.finding.machine-halted.remedy':
    'Look why (ssh {{ssh}} qm status {{vmid}} --verbose), then type: ssh {{ssh}} qm resume {{vmid}}',
  'proxmox-vm.finding.bitmap-broken':
    '{{machine}}: QEMU cannot say what changed since the last copy ({{bitmaps}}): the next one will be a full copy.',
  'proxmox-vm.finding.bitmap-broken.remedy': 'Type bascule replicate now, not on the eve of the night.',
  'proxmox-vm.finding.snapshots':
    '{{machine}} has snapshots, which stay behind and block some ways: {{names}}.',
  'proxmox-vm.finding.snapshots.remedy':
    'Remove those that nobody needs: ssh {{ssh}} qm listsnapshot {{vmid}}; ssh {{ssh}} qm delsnapshot {{vmid}} NAME',
  'proxmox-vm.finding.snapshots-held':
    '{{machine}} has snapshots ({{names}}) and records of what changed since the last copy ({{bitmaps}}): QEMU refuses to go back to a snapshot while there are such records.',
  'proxmox-vm.finding.snapshots-held.remedy':
    'Should you have to go back to one: with the machine off, remove each record from its image (ssh {{ssh}} qemu-img bitmap --remove IMAGE NAME), then type ssh {{ssh}} qm rollback {{vmid}} SNAPSHOT; the next copy is a full one.',
  'proxmox-vm.finding.local-devices':
    '{{machine}} uses what only its hypervisor has, and will be without it at the target: {{names}}.',
  'proxmox-vm.finding.local-devices.remedy':
    'If it can do without, type: ssh {{ssh}} qm set {{vmid}} --delete NAME; a CD-ROM: ssh {{ssh}} qm set {{vmid}} --NAME none,media=cdrom',
  'proxmox-vm.finding.ha':
    '{{machine}} ({{vmid}}) is kept running by HA: its manager would start it again in the night.',
  'proxmox-vm.finding.ha.remedy': 'Take it out of HA: ssh {{ssh}} ha-manager remove vm:{{vmid}}',
  'proxmox-vm.finding.replicated':
    '{{machine}} is replicated within its cluster; its replicas stay there, and remote migration refuses it.',
  'proxmox-vm.finding.replicated.remedy':
    'To see the jobs: ssh {{ssh}} pvesr list; to remove one: ssh {{ssh}} pvesr delete {{vmid}}-0',

  'proxmox-vm.finding.agent-answers': '{{machine}}: the guest agent answers ({{host}}, {{os}}).',
  'proxmox-vm.finding.agent-off': '{{machine}} ({{vmid}}): the guest agent is not enabled in its settings.',
  'proxmox-vm.finding.agent-off.remedy':
    'Install qemu-guest-agent in the guest, type ssh {{ssh}} qm set {{vmid}} --agent 1, then shut the machine down and start it.',
  'proxmox-vm.finding.agent-silent':
    '{{machine}} ({{vmid}}): the guest agent does not answer. A shutdown would rest on ACPI alone; addresses and probes would not work.',
  'proxmox-vm.finding.agent-silent.remedy':
    'In the guest: systemctl enable --now qemu-guest-agent; then try it: ssh {{ssh}} qm agent {{vmid}} ping',
}

export const french: Catalogue = {
  'proxmox-vm.finding.api-answers': '{{site}} : Proxmox VE {{version}} répond sur {{url}}.',
  'proxmox-vm.finding.node-offline': '{{site}} : le nœud {{node}} n’est pas en ligne ({{status}}).',
  'proxmox-vm.finding.node-offline.remedy':
    'Le démarrer, ou en nommer un autre dans target.node ; pour les voir : ssh {{ssh}} pvecm nodes',
  'proxmox-vm.finding.rights-missing':
    '{{site}} : il manque au jeton {{token}}, sur {{path}} : {{privileges}}.',
  'proxmox-vm.finding.rights-missing.remedy': 'Taper, en root sur {{ssh}} : {{command}}',
  'proxmox-vm.finding.rights-missing-for-way':
    '{{site}} : il manque au jeton {{token}}, sur {{path}} : {{privileges}}. Seule la voie {{ways}} en a besoin.',
  'proxmox-vm.finding.rights-missing-for-way.remedy':
    'Choisir une autre voie dans le plan, ou taper, en root sur {{ssh}} : {{command}}',
  'proxmox-vm.finding.tool-missing':
    '{{tool}} n’est pas installé sur {{ssh}} : les disques ne pourraient être ni envoyés ni ramenés.',
  'proxmox-vm.finding.tool-missing.remedy': 'Taper : ssh {{ssh}} apt install {{package}}',
  'proxmox-vm.finding.no-login-between':
    '{{source}} et {{target}} ne peuvent pas se connecter l’un à l’autre sans question.',
  'proxmox-vm.finding.no-login-between.remedy':
    'Donner à chacun la clé de l’autre, jusqu’à ce que les deux commandes n’affichent rien : ssh {{source}} ssh -o BatchMode=yes {{targetAddress}} true ; ssh {{target}} ssh -o BatchMode=yes {{sourceAddress}} true',

  'proxmox-vm.finding.machine':
    '{{machine}} ({{vmid}} sur {{node}}) : {{disks}} ; {{used}} Go occupés sur {{provisioned}} Go.',
  'proxmox-vm.finding.machine-missing':
    '{{machine}} : pas de machine {{vmid}} sur le nœud {{node}} de {{site}}.',
  'proxmox-vm.finding.machine-missing.remedy':
    'Corriger vmid ou node dans le plan ; pour voir les machines : ssh {{ssh}} qm list',
  'proxmox-vm.finding.machine-elsewhere':
    '{{machine}} : la machine {{vmid}} se trouve sur le nœud {{other}}, pas sur {{node}}.',
  'proxmox-vm.finding.machine-elsewhere.remedy':
    'Écrire source.node: {{other}} dans le plan, avec la machine hôte et l’API de ce nœud.',
  'proxmox-vm.finding.no-disk': '{{machine}} ({{vmid}}) n’a aucun disque à déplacer.',
  'proxmox-vm.finding.no-disk.remedy': 'Voir sa configuration : ssh {{ssh}} qm config {{vmid}}',
  'proxmox-vm.finding.declared-size':
    '{{machine}} : ses disques contiennent {{used}} Go ; le plan en déclare {{to}} au plus.',
  'proxmox-vm.finding.declared-size.remedy':
    'Corriger declaredSize dans le plan : les durées en sont calculées.',
  'proxmox-vm.finding.template': '{{machine}} ({{vmid}}) est un modèle : on peut le copier, pas le démarrer.',
  'proxmox-vm.finding.template.remedy':
    'Nommer dans le plan la machine qui en est issue : ssh {{ssh}} qm list',
  'proxmox-vm.finding.locked':
    '{{machine}} ({{vmid}}) est verrouillée ({{lock}}) : Proxmox VE refuse de la modifier ou de la déplacer.',
  'proxmox-vm.finding.locked.remedy':
    'Vérifier si ce travail tourne encore (ssh {{ssh}} pvenode task list --source active) ; sinon, taper : ssh {{ssh}} qm unlock {{vmid}}',
  'proxmox-vm.finding.protected':
    '{{machine}} ({{vmid}}) est protégée : elle le sera aussi à la cible, et aucune des deux ne peut être supprimée par erreur.',
  'proxmox-vm.finding.protected.remedy':
    'Avant d’abandonner l’ancien site, taper : ssh {{ssh}} qm set {{vmid}} --protection 0',
  'proxmox-vm.finding.onboot':
    '{{machine}} démarre avec son hyperviseur : ce réglage est retiré pour la nuit, et rendu par un repli.',
  'proxmox-vm.finding.machine-off':
    '{{machine}} ({{vmid}}) est éteinte : ni son agent ni ce qu’elle écrit en un jour n’ont pu être examinés.',
  'proxmox-vm.finding.machine-off.remedy': 'Si elle doit tourner, taper : ssh {{ssh}} qm start {{vmid}}',
  'proxmox-vm.finding.machine-halted': '{{machine}} ({{vmid}}) est figée dans QEMU : {{state}}.',
  'proxmox-vm.finding.machine-halted.remedy':
    'Voir pourquoi (ssh {{ssh}} qm status {{vmid}} --verbose), puis taper : ssh {{ssh}} qm resume {{vmid}}',
  'proxmox-vm.finding.bitmap-broken':
    '{{machine}} : QEMU ne sait plus ce qui a changé depuis la dernière copie ({{bitmaps}}) : la prochaine sera complète.',
  'proxmox-vm.finding.bitmap-broken.remedy':
    'Taper bascule replicate dès maintenant, pas la veille de la bascule.',
  'proxmox-vm.finding.snapshots':
    '{{machine}} a des instantanés, qui restent à la source et interdisent certaines voies : {{names}}.',
  'proxmox-vm.finding.snapshots.remedy':
    'Supprimer ceux qui ne servent plus : ssh {{ssh}} qm listsnapshot {{vmid}} ; ssh {{ssh}} qm delsnapshot {{vmid}} NOM',
  'proxmox-vm.finding.snapshots-held':
    '{{machine}} a des instantanés ({{names}}) et des relevés de ce qui a changé depuis la dernière copie ({{bitmaps}}) : QEMU refuse de revenir à un instantané tant qu’il y a de tels relevés.',
  'proxmox-vm.finding.snapshots-held.remedy':
    'S’il faut revenir à l’un d’eux : machine éteinte, retirer chaque relevé de son image (ssh {{ssh}} qemu-img bitmap --remove IMAGE NOM), puis taper ssh {{ssh}} qm rollback {{vmid}} INSTANTANÉ ; la copie suivante est complète.',
  'proxmox-vm.finding.local-devices':
    '{{machine}} utilise ce que seul son hyperviseur possède, et en sera privée à la cible : {{names}}.',
  'proxmox-vm.finding.local-devices.remedy':
    'Si elle peut s’en passer, taper : ssh {{ssh}} qm set {{vmid}} --delete NOM ; pour un CD-ROM : ssh {{ssh}} qm set {{vmid}} --NOM none,media=cdrom',
  'proxmox-vm.finding.ha':
    '{{machine}} ({{vmid}}) est maintenue en marche par la haute disponibilité : elle serait redémarrée pendant la nuit.',
  'proxmox-vm.finding.ha.remedy':
    'La retirer de la haute disponibilité : ssh {{ssh}} ha-manager remove vm:{{vmid}}',
  'proxmox-vm.finding.replicated':
    '{{machine}} est répliquée dans sa grappe ; ses répliques y restent, et la migration distante la refuse.',
  'proxmox-vm.finding.replicated.remedy':
    'Pour voir les tâches : ssh {{ssh}} pvesr list ; pour en supprimer une : ssh {{ssh}} pvesr delete {{vmid}}-0',

  'proxmox-vm.finding.agent-answers': '{{machine}} : l’agent invité répond ({{host}}, {{os}}).',
  'proxmox-vm.finding.agent-off':
    '{{machine}} ({{vmid}}) : l’agent invité n’est pas activé dans sa configuration.',
  'proxmox-vm.finding.agent-off.remedy':
    'Installer qemu-guest-agent dans l’invité, taper ssh {{ssh}} qm set {{vmid}} --agent 1, puis arrêter et démarrer la machine.',
  'proxmox-vm.finding.agent-silent':
    '{{machine}} ({{vmid}}) : l’agent invité ne répond pas. Un arrêt reposerait sur l’ACPI seul ; ni les adresses ni les sondes ne fonctionneraient.',
  'proxmox-vm.finding.agent-silent.remedy':
    'Dans l’invité : systemctl enable --now qemu-guest-agent ; puis l’essayer : ssh {{ssh}} qm agent {{vmid}} ping',
}
