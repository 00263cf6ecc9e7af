import type { Catalogue } from '../../../model/text.ts'

/** Sentences of the way seed-and-delta-zfs, beside those that it has in common with seed-and-delta. */
export const english: Catalogue = {
  'proxmox-vm.zfs.seed.byHand':
    'ssh {{target}}: qm destroy {{targetVmid}} --purge; rm -r {{staging}}. On both: zfs list -t snapshot, then zfs destroy for each snapshot named …@bascule-….',
  'proxmox-vm.zfs.return.byHand':
    'Both machines off. For each disk: on {{target}} zfs snapshot DATASET@home; on {{source}} zfs rollback -r DATASET@LAST, where LAST is the last bascule-… snapshot that both have, then ssh {{target}} zfs send -i @LAST DATASET@home | zfs receive DATASET. Then start {{vmid}} on {{source}} (qm start {{vmid}}).',
  'proxmox-vm.zfs.notZfs': '{{component}}: {{volume}} on {{host}} is no volume of ZFS ({{path}}).',
  'proxmox-vm.zfs.unreadable': '{{component}}: {{host}} says nothing of {{dataset}}. {{detail}}',
  'proxmox-vm.zfs.foreign':
    '{{component}}: {{dataset}} on {{host}} is there and was not sent by Bascule, which does not touch it.',
  'proxmox-vm.zfs.foreign.remedy':
    'See whose it is (ssh {{host}} zfs list -t all -r {{dataset}}); rename it, or give target.vmid another number in the plan.',
  'proxmox-vm.zfs.notSent':
    '{{component}}: {{snapshot}} did not reach {{dataset}} on {{to}} whole. {{detail}}',
  'proxmox-vm.zfs.notSent.remedy':
    'Nothing is lost: what came is kept, and the same command goes on from there. Look for room first (ssh {{to}} zfs list -o space).',
  'proxmox-vm.zfs.sourceWrote':
    '{{component}}: {{dataset}} on {{source}} was written to after {{snapshot}}. Bringing home what {{target}} wrote would drop that.',
  'proxmox-vm.zfs.sourceWrote.remedy':
    'Was the machine started on {{source}} during the night? Decide which writes count. To drop those of the source: ssh {{source}} zfs rollback -r {{snapshot}}, then the same command again.',

  'proxmox-vm.zfs.impossible.disk': 'the disk {{slot}} is on a storage of type {{type}}, not on ZFS',
  'proxmox-vm.zfs.impossible.disk.remedy':
    'Move the disk to a storage of type zfspool (qm disk move), or take another way.',
  'proxmox-vm.zfs.impossible.storage': 'the target’s storage ({{type}}) is not one of ZFS',
  'proxmox-vm.zfs.impossible.storage.remedy': 'Name a storage of type zfspool as target.storage.',
  'proxmox-vm.zfs.impossible.replicated': 'its own cluster replicates it, by snapshots of its own',
  'proxmox-vm.zfs.impossible.replicated.remedy':
    'Remove the replication job before the move, or take backup-restore.',
  'proxmox-vm.zfs.impossible.tool': 'zfs does not answer by ssh at both hypervisors',
  'proxmox-vm.zfs.impossible.tool.remedy': 'Log in as root, or by sudo: zfs list must answer there.',
  'proxmox-vm.zfs.impossible.limit': 'zfs send cannot be held to bandwidthLimitMbps',
  'proxmox-vm.zfs.impossible.limit.remedy':
    'Take bandwidthLimitMbps out of the plan, and shape the link elsewhere, or take another way.',
}

export const french: Catalogue = {
  'proxmox-vm.zfs.seed.byHand':
    'ssh {{target}} : qm destroy {{targetVmid}} --purge ; rm -r {{staging}}. Des deux côtés : zfs list -t snapshot, puis zfs destroy de chaque instantané nommé …@bascule-….',
  'proxmox-vm.zfs.return.byHand':
    'Les deux machines éteintes. Pour chaque disque : sur {{target}} zfs snapshot DATASET@home ; sur {{source}} zfs rollback -r DATASET@LAST, où LAST est le dernier instantané bascule-… que les deux ont, puis ssh {{target}} zfs send -i @LAST DATASET@home | zfs receive DATASET. Démarrer ensuite {{vmid}} sur {{source}} (qm start {{vmid}}).',
  'proxmox-vm.zfs.notZfs': '{{component}} : {{volume}} sur {{host}} n’est pas un volume ZFS ({{path}}).',
  'proxmox-vm.zfs.unreadable': '{{component}} : {{host}} ne dit rien de {{dataset}}. {{detail}}',
  'proxmox-vm.zfs.foreign':
    '{{component}} : {{dataset}} existe sur {{host}} et n’a pas été envoyé par Bascule, qui n’y touche pas.',
  'proxmox-vm.zfs.foreign.remedy':
    'Voir à qui il est (ssh {{host}} zfs list -t all -r {{dataset}}) ; le renommer, ou donner un autre numéro à target.vmid dans le plan.',
  'proxmox-vm.zfs.notSent':
    '{{component}} : {{snapshot}} n’est pas arrivé en entier dans {{dataset}} sur {{to}}. {{detail}}',
  'proxmox-vm.zfs.notSent.remedy':
    'Rien n’est perdu : ce qui est arrivé est gardé, et la même commande reprend de là. Chercher d’abord la place (ssh {{to}} zfs list -o space).',
  'proxmox-vm.zfs.sourceWrote':
    '{{component}} : {{dataset}} sur {{source}} a été écrit après {{snapshot}}. Ramener ce que {{target}} a écrit l’effacerait.',
  'proxmox-vm.zfs.sourceWrote.remedy':
    'La machine a-t-elle été démarrée sur {{source}} pendant la nuit ? Décider quelles écritures comptent. Pour abandonner celles de la source : ssh {{source}} zfs rollback -r {{snapshot}}, puis la même commande.',

  'proxmox-vm.zfs.impossible.disk': 'le disque {{slot}} est sur un stockage de type {{type}}, pas sur ZFS',
  'proxmox-vm.zfs.impossible.disk.remedy':
    'Déplacer le disque vers un stockage de type zfspool (qm disk move), ou prendre une autre voie.',
  'proxmox-vm.zfs.impossible.storage': 'le stockage de la cible ({{type}}) n’est pas de type ZFS',
  'proxmox-vm.zfs.impossible.storage.remedy': 'Donner un stockage de type zfspool à target.storage.',
  'proxmox-vm.zfs.impossible.replicated': 'sa propre grappe la réplique, par des instantanés à elle',
  'proxmox-vm.zfs.impossible.replicated.remedy':
    'Retirer la tâche de réplication avant la migration, ou prendre backup-restore.',
  'proxmox-vm.zfs.impossible.tool': 'zfs ne répond pas par ssh sur les deux hyperviseurs',
  'proxmox-vm.zfs.impossible.tool.remedy': 'Se connecter en root, ou par sudo : zfs list doit y répondre.',
  'proxmox-vm.zfs.impossible.limit': 'zfs send ne peut pas être tenu à bandwidthLimitMbps',
  'proxmox-vm.zfs.impossible.limit.remedy':
    'Retirer bandwidthLimitMbps du plan et limiter le débit ailleurs, ou prendre une autre voie.',
}
