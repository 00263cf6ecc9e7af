import type { Catalogue } from '../../../model/text.ts'

/** What preflight says of the target's storage, network and processors. */
export const english: Catalogue = {
  'proxmox-vm.finding.storage-missing': '{{site}} has no storage {{storage}} (known: {{known}}).',
  'proxmox-vm.finding.storage-missing.remedy':
    'Correct target.storage in the plan; to see them: ssh {{ssh}} pvesm status',
  'proxmox-vm.finding.storage-inactive': 'Storage {{storage}} of {{site}} is disabled or cannot be reached.',
  'proxmox-vm.finding.storage-inactive.remedy':
    'Look why (ssh {{ssh}} pvesm status --storage {{storage}}); if it is disabled: ssh {{ssh}} pvesm set {{storage}} --disable 0',
  'proxmox-vm.finding.storage-content':
    'Storage {{storage}} of {{site}} takes {{content}}, but no disks of machines.',
  'proxmox-vm.finding.storage-content.remedy': 'Type: ssh {{ssh}} pvesm set {{storage}} --content {{wanted}}',
  'proxmox-vm.finding.storage-format':
    'Storage {{storage}} of {{site}} ({{type}}) takes {{formats}}; {{disks}} is {{format}}. What is restored there becomes another format, and its changes can no longer follow.',
  'proxmox-vm.finding.storage-format.remedy':
    'Name a storage that takes {{format}} in target.storage (here: {{others}}), or make one: ssh {{ssh}} pvesm add dir NAME --path PATH --content images',
  'proxmox-vm.finding.no-room':
    'Storage {{storage}} of {{site}}: {{free}} GB free, {{needed}} GB needed, reserve included.',
  'proxmox-vm.finding.no-room.remedy': 'Make room, or name another storage: ssh {{ssh}} pvesm status',
  'proxmox-vm.finding.room-when-full':
    'Storage {{storage}} of {{site}}: {{free}} GB free; the disks would take {{provisioned}} GB if they were full.',
  'proxmox-vm.finding.room-when-full.remedy':
    'Watch it, or enlarge it before they fill: ssh {{ssh}} pvesm status',
  'proxmox-vm.finding.no-room-staging':
    '{{folder}} at {{site}}: {{free}} GB free, {{needed}} GB needed for a copy that waits to be sent.',
  'proxmox-vm.finding.no-room-staging.remedy':
    'Make room (ssh {{ssh}} df -h {{folder}}), or name another folder in staging.',

  'proxmox-vm.finding.bridge-missing': '{{site}}: node {{node}} has no bridge {{bridge}} (known: {{known}}).',
  'proxmox-vm.finding.bridge-missing.remedy':
    'Correct the name in the plan, or make it: ssh {{ssh}} pvesh create /nodes/{{node}}/network --type bridge --iface {{bridge}}; ssh {{ssh}} pvesh set /nodes/{{node}}/network',
  'proxmox-vm.finding.bridge-down': '{{site}}: bridge {{bridge}} of node {{node}} is down.',
  'proxmox-vm.finding.bridge-down.remedy': 'Type: ssh {{ssh}} ifup {{bridge}}',
  'proxmox-vm.finding.test-bridge-open':
    '{{site}}: bridge {{bridge}}, meant for test restores, leads outside ({{ports}}): a copy started there would answer in place of the machine.',
  'proxmox-vm.finding.test-bridge-open.remedy':
    'Name a bridge without ports in target.testBridge, or make one: ssh {{ssh}} pvesh create /nodes/{{node}}/network --type bridge --iface vmbr99 --autostart 1; ssh {{ssh}} pvesh set /nodes/{{node}}/network',
  'proxmox-vm.finding.bridge-vlan-unaware':
    '{{site}}: bridge {{bridge}} does not know VLANs; for VLAN {{vlan}} Proxmox VE makes a bridge of its own on its port.',
  'proxmox-vm.finding.bridge-vlan-unaware.remedy':
    'If the switch does not carry VLAN {{vlan}} to that port, have it carried; or on {{site}}, Node > Network > {{bridge}}: tick "VLAN aware", then Apply Configuration.',
  'proxmox-vm.finding.vlan-left-behind':
    'At the source the network cards have a VLAN ({{cards}}); at {{site}} the plan names none.',
  'proxmox-vm.finding.vlan-left-behind.remedy': 'Write target.vlan in the plan, if the target has one.',
  'proxmox-vm.finding.cards-merged':
    '{{machine}} has cards on several networks ({{cards}}); at the target all go to {{bridge}}.',
  'proxmox-vm.finding.cards-merged.remedy':
    'Look whether it can work so; else change its cards after the move, before users come back.',
  'proxmox-vm.finding.mac-changes':
    '{{machine}} gets other MAC addresses at the target: what knows it by {{macs}} (DHCP, names of cards in the guest) will not.',
  'proxmox-vm.finding.mac-changes.remedy': 'Set target.keepMac: true, unless both sites share one network.',
  'proxmox-vm.finding.vmid-ours': '{{site}}: machine {{vmid}} is there already, made by an earlier copy.',
  'proxmox-vm.finding.vmid-taken':
    '{{site}}: number {{vmid}} is that of another machine ({{holder}} on {{holderNode}}).',
  'proxmox-vm.finding.vmid-taken.remedy':
    'Write a free one in target.vmid; to ask for one: ssh {{ssh}} pvesh get /cluster/nextid',

  'proxmox-vm.finding.cpu-of-host':
    '{{machine}}: its processor is that of its host ({{model}}): at the target it will be another one, and it cannot move while it runs.',
  'proxmox-vm.finding.cpu-of-host.remedy':
    'If both sites differ, choose one that both know, at its next restart: ssh {{ssh}} qm set {{vmid}} --cpu x86-64-v2-AES',
  'proxmox-vm.finding.cpu-unknown': '{{machine}}: {{site}} does not know its processor {{model}}.',
  'proxmox-vm.finding.cpu-unknown.remedy':
    'Choose one that both sites know: ssh {{ssh}} qm set {{vmid}} --cpu x86-64-v2-AES; a model of your own is in /etc/pve/virtual-guest/cpu-models.conf, to be copied to {{targetSsh}}.',
}

export const french: Catalogue = {
  'proxmox-vm.finding.storage-missing': '{{site}} n’a pas de stockage {{storage}} (connus : {{known}}).',
  'proxmox-vm.finding.storage-missing.remedy':
    'Corriger target.storage dans le plan ; pour les voir : ssh {{ssh}} pvesm status',
  'proxmox-vm.finding.storage-inactive': 'Le stockage {{storage}} de {{site}} est désactivé ou injoignable.',
  'proxmox-vm.finding.storage-inactive.remedy':
    'Voir pourquoi (ssh {{ssh}} pvesm status --storage {{storage}}) ; s’il est désactivé : ssh {{ssh}} pvesm set {{storage}} --disable 0',
  'proxmox-vm.finding.storage-content':
    'Le stockage {{storage}} de {{site}} accepte {{content}}, mais pas de disques de machines.',
  'proxmox-vm.finding.storage-content.remedy':
    'Taper : ssh {{ssh}} pvesm set {{storage}} --content {{wanted}}',
  'proxmox-vm.finding.storage-format':
    'Le stockage {{storage}} de {{site}} ({{type}}) accepte {{formats}} ; {{disks}} est en {{format}}. Ce qu’on y restaure change de format, et ses modifications ne peuvent plus suivre.',
  'proxmox-vm.finding.storage-format.remedy':
    'Nommer dans target.storage un stockage qui accepte {{format}} (ici : {{others}}), ou en créer un : ssh {{ssh}} pvesm add dir NOM --path CHEMIN --content images',
  'proxmox-vm.finding.no-room':
    'Stockage {{storage}} de {{site}} : {{free}} Go libres, {{needed}} Go nécessaires, réserve comprise.',
  'proxmox-vm.finding.no-room.remedy':
    'Faire de la place, ou nommer un autre stockage : ssh {{ssh}} pvesm status',
  'proxmox-vm.finding.room-when-full':
    'Stockage {{storage}} de {{site}} : {{free}} Go libres ; pleins, les disques en prendraient {{provisioned}}.',
  'proxmox-vm.finding.room-when-full.remedy':
    'Le surveiller, ou l’agrandir avant qu’ils ne se remplissent : ssh {{ssh}} pvesm status',
  'proxmox-vm.finding.no-room-staging':
    '{{folder}} à {{site}} : {{free}} Go libres, {{needed}} Go nécessaires à une copie en attente d’envoi.',
  'proxmox-vm.finding.no-room-staging.remedy':
    'Faire de la place (ssh {{ssh}} df -h {{folder}}), ou nommer un autre dossier dans staging.',

  'proxmox-vm.finding.bridge-missing':
    '{{site}} : le nœud {{node}} n’a pas de pont {{bridge}} (connus : {{known}}).',
  'proxmox-vm.finding.bridge-missing.remedy':
    'Corriger le nom dans le plan, ou créer le pont : ssh {{ssh}} pvesh create /nodes/{{node}}/network --type bridge --iface {{bridge}} ; ssh {{ssh}} pvesh set /nodes/{{node}}/network',
  'proxmox-vm.finding.bridge-down': '{{site}} : le pont {{bridge}} du nœud {{node}} est arrêté.',
  'proxmox-vm.finding.bridge-down.remedy': 'Taper : ssh {{ssh}} ifup {{bridge}}',
  'proxmox-vm.finding.test-bridge-open':
    '{{site}} : le pont {{bridge}}, prévu pour les restaurations d’essai, mène au dehors ({{ports}}) : une copie démarrée là répondrait à la place de la machine.',
  'proxmox-vm.finding.test-bridge-open.remedy':
    'Nommer dans target.testBridge un pont sans port, ou en créer un : ssh {{ssh}} pvesh create /nodes/{{node}}/network --type bridge --iface vmbr99 --autostart 1 ; ssh {{ssh}} pvesh set /nodes/{{node}}/network',
  'proxmox-vm.finding.bridge-vlan-unaware':
    '{{site}} : le pont {{bridge}} ne gère pas les VLAN ; pour le VLAN {{vlan}}, Proxmox VE en crée un autre sur son port.',
  'proxmox-vm.finding.bridge-vlan-unaware.remedy':
    'Si le commutateur n’amène pas le VLAN {{vlan}} à ce port, l’y faire amener ; ou, à {{site}}, Nœud > Réseau > {{bridge}} : cocher « VLAN aware », puis appliquer la configuration.',
  'proxmox-vm.finding.vlan-left-behind':
    'À la source, les cartes réseau ont un VLAN ({{cards}}) ; à {{site}}, le plan n’en nomme aucun.',
  'proxmox-vm.finding.vlan-left-behind.remedy': 'Écrire target.vlan dans le plan, si la cible en a un.',
  'proxmox-vm.finding.cards-merged':
    '{{machine}} a des cartes sur plusieurs réseaux ({{cards}}) ; à la cible, toutes vont sur {{bridge}}.',
  'proxmox-vm.finding.cards-merged.remedy':
    'Vérifier qu’elle peut fonctionner ainsi ; sinon, modifier ses cartes après la bascule, avant le retour des utilisateurs.',
  'proxmox-vm.finding.mac-changes':
    '{{machine}} change d’adresses MAC à la cible : ce qui la connaît par {{macs}} (DHCP, noms des cartes dans l’invité) ne la reconnaîtra plus.',
  'proxmox-vm.finding.mac-changes.remedy':
    'Écrire target.keepMac: true, sauf si les deux sites partagent un même réseau.',
  'proxmox-vm.finding.vmid-ours': '{{site}} : la machine {{vmid}} y est déjà, issue d’une copie précédente.',
  'proxmox-vm.finding.vmid-taken':
    '{{site}} : le numéro {{vmid}} est celui d’une autre machine ({{holder}} sur {{holderNode}}).',
  'proxmox-vm.finding.vmid-taken.remedy':
    'Écrire un numéro libre dans target.vmid ; pour en demander un : ssh {{ssh}} pvesh get /cluster/nextid',

  'proxmox-vm.finding.cpu-of-host':
    '{{machine}} : son processeur est celui de son hôte ({{model}}) : à la cible ce sera un autre, et elle ne peut pas être déplacée en marche.',
  'proxmox-vm.finding.cpu-of-host.remedy':
    'Si les deux sites diffèrent, en choisir un que les deux connaissent, au prochain redémarrage : ssh {{ssh}} qm set {{vmid}} --cpu x86-64-v2-AES',
  'proxmox-vm.finding.cpu-unknown': '{{machine}} : {{site}} ne connaît pas son processeur {{model}}.',
  'proxmox-vm.finding.cpu-unknown.remedy':
    'En choisir un que les deux sites connaissent : ssh {{ssh}} qm set {{vmid}} --cpu x86-64-v2-AES ; un modèle maison se trouve dans /etc/pve/virtual-guest/cpu-models.conf, à copier sur {{targetSsh}}.',
}
