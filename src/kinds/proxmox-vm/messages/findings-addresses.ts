import type { Catalogue } from '../../../model/text.ts'

/** What preflight says of the guest's addresses, and of the ways. */
export const english: Catalogue = {
  'proxmox-vm.finding.address-unsaid':
    '{{machine}} has the address {{found}}; the plan does not say whether it changes or stays.',
  'proxmox-vm.finding.address-unsaid.remedy':
    'Write network in the plan: keep, if it stays (it is then checked), else source and target.',
  'proxmox-vm.finding.address-to-keep':
    '{{machine}} is to keep the address {{wanted}}, but does not have it (found: {{found}}).',
  'proxmox-vm.finding.address-to-keep.remedy':
    'Correct network.keep; to see them: ssh {{ssh}} qm agent {{vmid}} network-get-interfaces',
  'proxmox-vm.finding.address-not-found':
    '{{machine}} does not have the address {{wanted}} that the plan wants to change (found: {{found}}).',
  'proxmox-vm.finding.address-not-found.remedy':
    'Correct network.source.address; to see them: ssh {{ssh}} qm agent {{vmid}} network-get-interfaces',
  'proxmox-vm.finding.address-no-way':
    '{{machine}} is to change its address, but the plan names neither files nor cloud-init for it.',
  'proxmox-vm.finding.address-no-way.remedy':
    'Write network.files (and apply), or network.cloudInit: true where the machine has a cloud-init drive.',
  'proxmox-vm.finding.cloud-init-missing':
    '{{machine}} ({{vmid}}) is to get its address by cloud-init, but has no cloud-init drive.',
  'proxmox-vm.finding.cloud-init-missing.remedy':
    'Give it one (ssh {{ssh}} qm set {{vmid}} --ide2 local:cloudinit), or write network.files instead.',
  'proxmox-vm.finding.cloud-init-rewrites':
    '{{machine}} has a cloud-init drive: at its next start it may write over the files that the plan changes.',
  'proxmox-vm.finding.cloud-init-rewrites.remedy':
    'Write network.cloudInit: true, or forbid it in the guest: network: {config: disabled} in /etc/cloud/cloud.cfg.d/99-network.cfg',
  'proxmox-vm.finding.file-unreadable': '{{machine}}: {{file}} cannot be read in the guest by its agent.',
  'proxmox-vm.finding.file-unreadable.remedy':
    'Correct network.files, or let the agent read it (in the guest: allow-rpcs of qemu-ga; SELinux: virt_qemu_ga_read_nonsecurity_files).',
  'proxmox-vm.finding.file-without-address': '{{machine}}: {{file}} holds none of the addresses that change.',
  'proxmox-vm.finding.file-without-address.remedy':
    'Take it out of network.files, or correct the addresses of network.source.',
  'proxmox-vm.finding.address-elsewhere':
    '{{machine}}: {{file}} holds addresses that change ({{found}}), and is not in network.files.',
  'proxmox-vm.finding.address-elsewhere.remedy': 'Add {{file}} to network.files in the plan.',
  'proxmox-vm.finding.address-unmentioned':
    '{{machine}}: {{file}} holds addresses of the old network that the plan does not mention: {{found}}.',
  'proxmox-vm.finding.address-unmentioned.remedy':
    'Add each to network.source.others and its twin to network.target.others, by one name.',

  'proxmox-vm.finding.way-chosen':
    '{{machine}}: way {{way}}: {{cutSeconds}} s without it, {{windowMegabytes}} MB in the window ({{linkMbps}} Mbit/s).',
  'proxmox-vm.finding.way-possible':
    '{{machine}}: way {{way}} is possible too: {{cutSeconds}} s without it, {{windowMegabytes}} MB in the window ({{linkMbps}} Mbit/s).',
  'proxmox-vm.finding.no-way': '{{machine}}: none of the ways is possible.',
  'proxmox-vm.finding.no-way.remedy': 'Put right what is said of the way you want, then audit again.',
}

export const french: Catalogue = {
  'proxmox-vm.finding.address-unsaid':
    '{{machine}} a l’adresse {{found}} ; le plan ne dit pas si elle change ou reste.',
  'proxmox-vm.finding.address-unsaid.remedy':
    'Écrire network dans le plan : keep si elle reste (elle est alors vérifiée), sinon source et target.',
  'proxmox-vm.finding.address-to-keep':
    '{{machine}} doit garder l’adresse {{wanted}}, mais ne l’a pas (trouvé : {{found}}).',
  'proxmox-vm.finding.address-to-keep.remedy':
    'Corriger network.keep ; pour voir ses adresses : ssh {{ssh}} qm agent {{vmid}} network-get-interfaces',
  'proxmox-vm.finding.address-not-found':
    '{{machine}} n’a pas l’adresse {{wanted}} que le plan veut changer (trouvé : {{found}}).',
  'proxmox-vm.finding.address-not-found.remedy':
    'Corriger network.source.address ; pour voir ses adresses : ssh {{ssh}} qm agent {{vmid}} network-get-interfaces',
  'proxmox-vm.finding.address-no-way':
    '{{machine}} doit changer d’adresse, mais le plan ne nomme pour cela ni fichiers ni cloud-init.',
  'proxmox-vm.finding.address-no-way.remedy':
    'Écrire network.files (et apply), ou network.cloudInit: true si la machine a un lecteur cloud-init.',
  'proxmox-vm.finding.cloud-init-missing':
    '{{machine}} ({{vmid}}) doit recevoir son adresse de cloud-init, mais n’a pas de lecteur cloud-init.',
  'proxmox-vm.finding.cloud-init-missing.remedy':
    'Lui en donner un (ssh {{ssh}} qm set {{vmid}} --ide2 local:cloudinit), ou écrire plutôt network.files.',
  'proxmox-vm.finding.cloud-init-rewrites':
    '{{machine}} a un lecteur cloud-init : au prochain démarrage, il peut réécrire les fichiers que le plan modifie.',
  'proxmox-vm.finding.cloud-init-rewrites.remedy':
    'Écrire network.cloudInit: true, ou l’interdire dans l’invité : network: {config: disabled} dans /etc/cloud/cloud.cfg.d/99-network.cfg',
  'proxmox-vm.finding.file-unreadable': '{{machine}} : l’agent ne peut pas lire {{file}} dans l’invité.',
  'proxmox-vm.finding.file-unreadable.remedy':
    'Corriger network.files, ou autoriser l’agent à le lire (dans l’invité : allow-rpcs de qemu-ga ; SELinux : virt_qemu_ga_read_nonsecurity_files).',
  'proxmox-vm.finding.file-without-address':
    '{{machine}} : {{file}} ne contient aucune des adresses qui changent.',
  'proxmox-vm.finding.file-without-address.remedy':
    'Le retirer de network.files, ou corriger les adresses de network.source.',
  'proxmox-vm.finding.address-elsewhere':
    '{{machine}} : {{file}} contient des adresses qui changent ({{found}}), et ne figure pas dans network.files.',
  'proxmox-vm.finding.address-elsewhere.remedy': 'Ajouter {{file}} à network.files dans le plan.',
  'proxmox-vm.finding.address-unmentioned':
    '{{machine}} : {{file}} contient des adresses de l’ancien réseau dont le plan ne parle pas : {{found}}.',
  'proxmox-vm.finding.address-unmentioned.remedy':
    'Ajouter chacune à network.source.others, et son équivalent à network.target.others, sous un même nom.',

  'proxmox-vm.finding.way-chosen':
    '{{machine}} : voie {{way}} : {{cutSeconds}} s sans elle, {{windowMegabytes}} Mo dans la fenêtre ({{linkMbps}} Mbit/s).',
  'proxmox-vm.finding.way-possible':
    '{{machine}} : la voie {{way}} est possible aussi : {{cutSeconds}} s sans elle, {{windowMegabytes}} Mo dans la fenêtre ({{linkMbps}} Mbit/s).',
  'proxmox-vm.finding.no-way': '{{machine}} : aucune voie n’est possible.',
  'proxmox-vm.finding.no-way.remedy': 'Remédier à ce qui est dit de la voie voulue, puis relancer l’audit.',
}
