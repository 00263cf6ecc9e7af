import type { Catalogue } from '../../../model/text.ts'

/** Sentences about the ways that move whole disks: by an archive, by PVE's own migration; and about the way back. */
export const english: Catalogue = {
  'proxmox-vm.backup.seed.title': '{{machine}}: archive made and sent to {{targetSite}}',
  'proxmox-vm.backup.seed.byHand':
    'On {{target}} (number {{targetVmid}}) and on {{source}} (number {{vmid}}), type: pvesm list STORAGE --content backup --vmid NUMBER ; remove each archive whose notes begin with "Bascule": pvesm free VOLUME ; then rm -r {{staging}}',
  'proxmox-vm.backup.fresh.title': '{{machine}}: fresh archive brought to {{targetSite}}',
  'proxmox-vm.backup.fresh.noUndo':
    'Nothing to undo: the source is untouched, and the archive replaces the one before.',
  'proxmox-vm.backup.final-delta.title': '{{machine}}: archive made, sent and restored at {{targetSite}}',
  'proxmox-vm.backup.final-delta.noUndo':
    'Nothing to undo: the source is untouched. The machine restored at {{targetSite}} stays there, off, and is replaced by the next attempt.',
  'proxmox-vm.whole.compare.title': '{{machine}}: disks compared by hash at both sites',
  'proxmox-vm.whole.compare.noUndo': 'This step only reads.',
  'proxmox-vm.whole.way-back.title': '{{machine}}: way back for what will be written at {{targetSite}}',
  'proxmox-vm.whole.way-back.noUndo': 'This step can be undone.',
  'proxmox-vm.migrate.off.title': '{{machine}}: moved to {{targetSite}} by Proxmox VE, off',
  'proxmox-vm.migrate.off.noUndo': 'This step can be undone.',
  'proxmox-vm.migrate.off.byHand':
    'Lift the lock that the migration left on {{source}}, and nothing more: ssh {{source}} {{command}}',
  'proxmox-vm.migrate.running.title': '{{machine}}: moved to {{targetSite}} by Proxmox VE while it runs',
  'proxmox-vm.migrate.running.noUndo': 'This step can be undone.',
  'proxmox-vm.migrate.running.byHand':
    'Check that the machine is off at {{targetSite}} (ssh {{target}} qm status {{targetVmid}}) and that its disks are home; then lift the lock and start it: ssh {{source}} {{command}} && ssh {{source}} qm start {{vmid}}',
  'proxmox-vm.return.byHand':
    'Both machines off: ssh {{source}} qm status {{sourceVmid}} ; ssh {{target}} qm status {{targetVmid}}. For each disk, ask both for its path (qm config, then pvesm path VOLUME), put the two in place of TARGET-DISK and SOURCE-DISK, and type on {{source}}: {{command}}',
  'proxmox-vm.return.noRoom':
    '{{component}}: {{host}} has {{freeNow}} GB free beside {{path}}; bringing the disk home needs {{wanted}} GB once more.',
  'proxmox-vm.return.noRoom.remedy':
    'Make room, then run the same command again: ssh {{host}} df -h {{path}}',

  'proxmox-vm.backup.noStorage':
    '{{component}}: no storage of {{site}} takes archives as files (content type "backup").',
  'proxmox-vm.backup.noStorage.remedy':
    'See what there is (ssh {{host}} pvesm status --content backup) and allow it on one: pvesm set STORAGE --content backup,…',
  'proxmox-vm.backup.leftOut':
    '{{component}}: {{slots}} are marked backup=0, so an archive would leave them out.',
  'proxmox-vm.backup.leftOut.remedy':
    'Take the mark away (ssh {{host}} qm config {{vmid}}), or choose another way in the plan.',
  'proxmox-vm.backup.notFound':
    '{{component}}: PVE says that it made an archive, and there is none in {{storage}} with our notes.',
  'proxmox-vm.backup.notFound.remedy': 'Look: ssh {{host}} pvesm list {{storage}} --content backup',
  'proxmox-vm.backup.noArchive': '{{component}}: {{host}} holds no archive of the machine.',
  'proxmox-vm.backup.noArchive.remedy': 'Bring one: bascule replicate',

  'proxmox-vm.whole.impossible.noDisks': 'the machine has no disk that the audit found',
  'proxmox-vm.whole.impossible.noDisks.remedy': 'Check the machine’s number in the plan.',
  'proxmox-vm.whole.impossible.tools': 'programs are missing: {{tools}}',
  'proxmox-vm.whole.impossible.tools.remedy': 'Install them on the hypervisors.',
  'proxmox-vm.whole.impossible.ssh': 'the source’s hypervisor cannot reach the target’s by ssh',
  'proxmox-vm.whole.impossible.ssh.remedy':
    'Give root of the source’s hypervisor a key for the target’s, and accept its host key once.',
  'proxmox-vm.whole.impossible.room':
    'the target’s storage has {{free}} GB free, and the disks take {{wanted}} GB',
  'proxmox-vm.whole.impossible.room.remedy': 'Make room there, or name another storage in the plan.',
  'proxmox-vm.migrate.impossible.snapshots': 'PVE does not migrate a machine with snapshots: {{names}}',
  'proxmox-vm.migrate.impossible.snapshots.remedy': 'Remove the snapshots, or choose backup-restore.',
  'proxmox-vm.migrate.impossible.ha': 'PVE does not migrate a machine that HA manages to another cluster',
  'proxmox-vm.migrate.impossible.ha.remedy': 'Take it out of HA before, or choose another way.',
  'proxmox-vm.migrate.impossible.replicated':
    'PVE does not migrate a machine that it replicates to another cluster',
  'proxmox-vm.migrate.impossible.replicated.remedy': 'Remove its replication jobs, or choose another way.',
  'proxmox-vm.migrate.impossible.devices': 'the machine is bound to its hypervisor: {{devices}}',
  'proxmox-vm.migrate.impossible.devices.remedy': 'Take these devices out of the machine.',
  'proxmox-vm.migrate.impossible.version':
    'remote_migrate exists since PVE {{since}}; the source has {{sourceVersion}}, the target {{targetVersion}}',
  'proxmox-vm.migrate.impossible.version.remedy': 'Upgrade, or choose another way.',
  'proxmox-vm.migrate.impossible.off': 'the machine is off: there is nothing to keep running',
  'proxmox-vm.migrate.impossible.off.remedy': 'Choose remote-migrate.',
  'proxmox-vm.migrate.impossible.agent':
    'the guest’s agent does not answer, and a guest that goes on running needs it to change its address',
  'proxmox-vm.migrate.impossible.agent.remedy': 'Start the agent in the guest, or choose another way.',

  'proxmox-vm.moved.runs': '{{component}}: the machine {{vmid}} runs at {{site}}, and must be off.',
  'proxmox-vm.moved.runs.remedy': 'Shut it down cleanly: ssh {{host}} qm shutdown {{vmid}}',
  'proxmox-vm.moved.taken':
    '{{component}}: the number {{vmid}} is taken at {{site}} by a machine that is not ours.',
  'proxmox-vm.moved.taken.remedy':
    'See whose it is (ssh {{host}} qm config {{vmid}}), or give another number in the plan: target.vmid',
  'proxmox-vm.moved.inUse':
    '{{component}}: the machine {{vmid}} at {{site}} has been in use there, and what it wrote is not known to be home: it is not replaced.',
  'proxmox-vm.moved.inUse.remedy':
    'Look at it (ssh {{host}} qm status {{vmid}}). If nothing of it is wanted, remove it: ssh {{host}} qm destroy {{vmid}}',
  'proxmox-vm.moved.otherDisks': '{{component}}: {{slots}} are disks at one site only.',
  'proxmox-vm.moved.otherDisks.remedy': 'Compare: ssh {{source}} ; ssh {{target}}',
  'proxmox-vm.moved.different':
    '{{component}}: {{slots}} do not hold the same on {{source}} and on {{target}}.',
  'proxmox-vm.moved.different.remedy':
    'The source is whole: roll back, then look for the reason before another night.',
  'proxmox-vm.migrate.notThere':
    '{{component}}: PVE says that it migrated the machine, and it is not whole on {{target}} and locked on {{source}}.',
  'proxmox-vm.migrate.notThere.remedy':
    'Look at both: ssh {{source}} qm config {{vmid}} ; ssh {{target}} qm config {{targetVmid}}',
}

export const french: Catalogue = {
  'proxmox-vm.backup.seed.title': '{{machine}} : archive faite et envoyée à {{targetSite}}',
  'proxmox-vm.backup.seed.byHand':
    'Sur {{target}} (numéro {{targetVmid}}) et sur {{source}} (numéro {{vmid}}), taper : pvesm list STOCKAGE --content backup --vmid NUMÉRO ; supprimer chaque archive dont les notes commencent par « Bascule » : pvesm free VOLUME ; puis rm -r {{staging}}',
  'proxmox-vm.backup.fresh.title': '{{machine}} : archive du jour apportée à {{targetSite}}',
  'proxmox-vm.backup.fresh.noUndo':
    'Rien à annuler : la source n’est pas touchée, et l’archive remplace la précédente.',
  'proxmox-vm.backup.final-delta.title': '{{machine}} : archive faite, envoyée et restaurée à {{targetSite}}',
  'proxmox-vm.backup.final-delta.noUndo':
    'Rien à annuler : la source n’est pas touchée. La machine restaurée à {{targetSite}} y reste, éteinte ; la tentative suivante la remplace.',
  'proxmox-vm.whole.compare.title': '{{machine}} : disques comparés par empreinte aux deux sites',
  'proxmox-vm.whole.compare.noUndo': 'Cette étape ne fait que lire.',
  'proxmox-vm.whole.way-back.title': '{{machine}} : chemin de retour de ce qui sera écrit à {{targetSite}}',
  'proxmox-vm.whole.way-back.noUndo': 'Cette étape s’annule.',
  'proxmox-vm.migrate.off.title': '{{machine}} : déplacée à {{targetSite}} par Proxmox VE, éteinte',
  'proxmox-vm.migrate.off.noUndo': 'Cette étape s’annule.',
  'proxmox-vm.migrate.off.byHand':
    'Lever le verrou que la migration a laissé sur {{source}}, sans rien faire d’autre : ssh {{source}} {{command}}',
  'proxmox-vm.migrate.running.title': '{{machine}} : déplacée à {{targetSite}} par Proxmox VE, en marche',
  'proxmox-vm.migrate.running.noUndo': 'Cette étape s’annule.',
  'proxmox-vm.migrate.running.byHand':
    'Vérifier que la machine est éteinte à {{targetSite}} (ssh {{target}} qm status {{targetVmid}}) et que ses disques sont revenus ; puis lever le verrou et la démarrer : ssh {{source}} {{command}} && ssh {{source}} qm start {{vmid}}',
  'proxmox-vm.return.byHand':
    'Les deux machines éteintes : ssh {{source}} qm status {{sourceVmid}} ; ssh {{target}} qm status {{targetVmid}}. Pour chaque disque, demander son chemin des deux côtés (qm config, puis pvesm path VOLUME), mettre les deux à la place de TARGET-DISK et de SOURCE-DISK, et taper sur {{source}} : {{command}}',
  'proxmox-vm.return.noRoom':
    '{{component}} : {{host}} a {{freeNow}} Go libres à côté de {{path}} ; le retour du disque en demande {{wanted}} de plus.',
  'proxmox-vm.return.noRoom.remedy':
    'Faire de la place, puis relancer la même commande : ssh {{host}} df -h {{path}}',

  'proxmox-vm.backup.noStorage':
    '{{component}} : aucun stockage de {{site}} ne prend d’archives sous forme de fichiers (contenu « backup »).',
  'proxmox-vm.backup.noStorage.remedy':
    'Voir ce qu’il y a (ssh {{host}} pvesm status --content backup) et l’autoriser sur l’un d’eux : pvesm set STOCKAGE --content backup,…',
  'proxmox-vm.backup.leftOut':
    '{{component}} : {{slots}} portent la marque backup=0 : une archive les laisserait de côté.',
  'proxmox-vm.backup.leftOut.remedy':
    'Retirer la marque (ssh {{host}} qm config {{vmid}}), ou choisir une autre voie dans le plan.',
  'proxmox-vm.backup.notFound':
    '{{component}} : PVE dit avoir fait une archive, et {{storage}} n’en contient aucune qui porte nos notes.',
  'proxmox-vm.backup.notFound.remedy': 'Regarder : ssh {{host}} pvesm list {{storage}} --content backup',
  'proxmox-vm.backup.noArchive': '{{component}} : {{host}} n’a aucune archive de la machine.',
  'proxmox-vm.backup.noArchive.remedy': 'En apporter une : bascule replicate',

  'proxmox-vm.whole.impossible.noDisks': 'l’audit n’a trouvé aucun disque à la machine',
  'proxmox-vm.whole.impossible.noDisks.remedy': 'Vérifier le numéro de la machine dans le plan.',
  'proxmox-vm.whole.impossible.tools': 'il manque des programmes : {{tools}}',
  'proxmox-vm.whole.impossible.tools.remedy': 'Les installer sur les hyperviseurs.',
  'proxmox-vm.whole.impossible.ssh': 'l’hyperviseur de la source ne joint pas celui de la cible par ssh',
  'proxmox-vm.whole.impossible.ssh.remedy':
    'Donner à root de l’hyperviseur source une clé pour celui de la cible, et accepter une fois sa clé d’hôte.',
  'proxmox-vm.whole.impossible.room':
    'le stockage de la cible a {{free}} Go libres, et les disques en prennent {{wanted}}',
  'proxmox-vm.whole.impossible.room.remedy': 'Y faire de la place, ou nommer un autre stockage dans le plan.',
  'proxmox-vm.migrate.impossible.snapshots': 'PVE ne migre pas une machine qui a des instantanés : {{names}}',
  'proxmox-vm.migrate.impossible.snapshots.remedy': 'Supprimer les instantanés, ou choisir backup-restore.',
  'proxmox-vm.migrate.impossible.ha':
    'PVE ne migre pas vers une autre grappe une machine gérée par la haute disponibilité',
  'proxmox-vm.migrate.impossible.ha.remedy':
    'La retirer d’abord de la haute disponibilité, ou choisir une autre voie.',
  'proxmox-vm.migrate.impossible.replicated':
    'PVE ne migre pas vers une autre grappe une machine qu’il réplique',
  'proxmox-vm.migrate.impossible.replicated.remedy':
    'Supprimer ses tâches de réplication, ou choisir une autre voie.',
  'proxmox-vm.migrate.impossible.devices': 'la machine est liée à son hyperviseur : {{devices}}',
  'proxmox-vm.migrate.impossible.devices.remedy': 'Retirer ces périphériques de la machine.',
  'proxmox-vm.migrate.impossible.version':
    'remote_migrate existe depuis PVE {{since}} ; la source a {{sourceVersion}}, la cible {{targetVersion}}',
  'proxmox-vm.migrate.impossible.version.remedy': 'Mettre à jour, ou choisir une autre voie.',
  'proxmox-vm.migrate.impossible.off': 'la machine est éteinte : il n’y a rien à garder en marche',
  'proxmox-vm.migrate.impossible.off.remedy': 'Choisir remote-migrate.',
  'proxmox-vm.migrate.impossible.agent':
    'l’agent du système invité ne répond pas ; sans lui, une machine en marche ne peut pas changer d’adresse',
  'proxmox-vm.migrate.impossible.agent.remedy':
    'Démarrer l’agent dans le système invité, ou choisir une autre voie.',

  'proxmox-vm.moved.runs':
    '{{component}} : la machine {{vmid}} est en marche à {{site}}, elle doit être éteinte.',
  'proxmox-vm.moved.runs.remedy': 'L’éteindre proprement : ssh {{host}} qm shutdown {{vmid}}',
  'proxmox-vm.moved.taken':
    '{{component}} : le numéro {{vmid}} est pris à {{site}} par une machine qui n’est pas la nôtre.',
  'proxmox-vm.moved.taken.remedy':
    'Voir à qui elle est (ssh {{host}} qm config {{vmid}}), ou donner un autre numéro dans le plan : target.vmid',
  'proxmox-vm.moved.inUse':
    '{{component}} : la machine {{vmid}} a servi à {{site}}, et rien ne prouve que ce qu’elle y a écrit est revenu : elle n’est pas remplacée.',
  'proxmox-vm.moved.inUse.remedy':
    'La regarder (ssh {{host}} qm status {{vmid}}). Si rien n’en est voulu, la supprimer : ssh {{host}} qm destroy {{vmid}}',
  'proxmox-vm.moved.otherDisks': '{{component}} : {{slots}} sont des disques d’un seul des deux sites.',
  'proxmox-vm.moved.otherDisks.remedy': 'Comparer : ssh {{source}} ; ssh {{target}}',
  'proxmox-vm.moved.different':
    '{{component}} : {{slots}} n’ont pas le même contenu sur {{source}} et sur {{target}}.',
  'proxmox-vm.moved.different.remedy':
    'La source est intacte : revenir en arrière, puis chercher la cause avant une autre nuit.',
  'proxmox-vm.migrate.notThere':
    '{{component}} : PVE dit avoir migré la machine, et elle n’est pas entière sur {{target}} et verrouillée sur {{source}}.',
  'proxmox-vm.migrate.notThere.remedy':
    'Regarder des deux côtés : ssh {{source}} qm config {{vmid}} ; ssh {{target}} qm config {{targetVmid}}',
}
