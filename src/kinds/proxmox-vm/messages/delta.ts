import type { Catalogue } from '../../../model/text.ts'

/** Sentences of the way seed-and-delta. */
export const english: Catalogue = {
  'proxmox-vm.delta.seed.title': '{{machine}}: full copy of its disks to {{targetSite}}',
  'proxmox-vm.delta.seed.byHand':
    'ssh {{target}}: qm destroy {{targetVmid}} --purge; rm -r {{staging}}. Then ssh {{source}}: rm -r {{staging}}. The records named bascule-… in the source’s images do no harm; with the machine off: qemu-img bitmap --remove IMAGE NAME.',
  'proxmox-vm.delta.delta.title': '{{machine}}: what changed since, to {{targetSite}}',
  'proxmox-vm.delta.delta.noUndo': 'The target’s copy is only newer; the next delta goes on from it.',
  'proxmox-vm.delta.final-delta.title': '{{machine}}: last delta to {{targetSite}}',
  'proxmox-vm.delta.final-delta.noUndo':
    'The target’s copy is only newer, and nothing was taken from the source.',
  'proxmox-vm.delta.compare.title': '{{machine}}: contents of both disks compared',
  'proxmox-vm.delta.compare.noUndo': 'This step only reads.',
  'proxmox-vm.delta.way-back.title': '{{machine}}: way back to {{sourceSite}} made ready',

  'proxmox-vm.delta.broken.none':
    '{{component}}: there is no full copy at {{target}} on which a delta could follow.',
  'proxmox-vm.delta.broken.otherSeed':
    '{{component}}: what {{target}} holds comes from another full copy than the one {{source}} has records for.',
  'proxmox-vm.delta.broken.started':
    '{{component}}: the machine was made ready to start at {{target}}; what it wrote there must come home before a delta may follow.',
  'proxmox-vm.delta.broken.started.remedy':
    'After a move this is as it should be: {{source}} is not the original any more. To go back: bascule rollback.',
  'proxmox-vm.delta.broken.otherDisks':
    '{{component}}: its disks are not those of the full copy any more (added, removed, moved or resized).',
  'proxmox-vm.delta.broken.imageGone': '{{component}}: an image that was sent is no longer at {{target}}.',
  'proxmox-vm.delta.broken.touched':
    '{{component}}: an image at {{target}} was written by something else since the last copy (was the machine started there?).',
  'proxmox-vm.delta.broken.missing':
    '{{component}}: {{source}} has no record of what was written since the last copy that {{target}} holds.',
  'proxmox-vm.delta.broken.inconsistent':
    '{{component}}: QEMU was killed at {{source}}; its record of what was written cannot be relied on.',
  'proxmox-vm.delta.broken.remedy':
    'Type bascule replicate: it makes a new full copy. Should the target have run in the night, roll back first.',
  'proxmox-vm.delta.copyFailed': '{{component}}: QEMU on {{host}} could not copy ({{job}}): {{detail}}',
  'proxmox-vm.delta.copyFailed.remedy':
    'Nothing is lost: the record goes on. Look for room on {{host}} (df -h), then order a retry.',
  'proxmox-vm.delta.inUse':
    '{{component}}: a machine still runs on {{image}} at {{host}}, so nothing can be written into it now.',
  'proxmox-vm.delta.inUse.remedy':
    'End the rehearsal or the test restore that holds it (bascule status says where it stands), then run the same command again: nothing is lost. To see what runs: ssh {{host}} qm list; such copies are named {{component}}-rehearsal and {{component}}-test.',
  'proxmox-vm.delta.notApplied':
    '{{component}}: {{host}} could not write what changed into {{image}}. {{detail}}',
  'proxmox-vm.delta.notApplied.remedy':
    'Nothing is lost: what changed still lies beside it. Look for room (ssh {{host}} df -h {{image}}), then run the same command again.',
  'proxmox-vm.delta.daemonStays':
    '{{component}}: a storage daemon of an earlier attempt does not end on {{host}} ({{socket}}).',
  'proxmox-vm.delta.noNode': '{{component}}: QEMU on {{host}} has no qcow2 image {{path}} open for {{slot}}.',
  'proxmox-vm.delta.noNode.remedy':
    'Was the disk moved while the machine runs? Run the audit again; backup-restore needs no records.',
  'proxmox-vm.delta.noRoom':
    '{{component}}: {{path}} on {{host}} has {{free}} GB free, {{wanted}} GB are needed.',
  'proxmox-vm.delta.noRoom.remedy': 'Make room on {{host}}, or name another folder as staging in the plan.',
  'proxmox-vm.delta.foreign':
    '{{component}}: the number {{vmid}} belongs to another machine at {{site}}, which Bascule does not touch.',
  'proxmox-vm.delta.foreign.remedy': 'Give target.vmid another number in the plan.',
  'proxmox-vm.delta.unsent': '{{component}}: {{written}} MB were written after the last delta to {{target}}.',
  'proxmox-vm.delta.unsent.remedy': 'Order a retry of the last delta: {{component}}.final-delta',

  'proxmox-vm.delta.impossible.noDisks': 'no disk of the machine is known',
  'proxmox-vm.delta.impossible.noDisks.remedy': 'Run the audit.',
  'proxmox-vm.delta.impossible.format':
    'the disk {{slot}} is {{format}}: QEMU keeps records in qcow2 images only',
  'proxmox-vm.delta.impossible.format.remedy':
    'Move the disk to a storage of files as qcow2 (qm disk move), or take backup-restore.',
  'proxmox-vm.delta.impossible.storage': 'the target’s storage ({{type}}) holds no qcow2 images',
  'proxmox-vm.delta.impossible.storage.remedy': 'Name a storage of files (dir, nfs, …) as target.storage.',
  'proxmox-vm.delta.impossible.snapshots': 'the machine has snapshots, which would not travel: {{names}}',
  'proxmox-vm.delta.impossible.snapshots.remedy':
    'Delete them, or take backup-restore, which leaves them at home.',
  'proxmox-vm.delta.impossible.tools': 'programs are missing: {{tools}}',
  'proxmox-vm.delta.impossible.tools.remedy': 'Install them on the hypervisors named.',
  'proxmox-vm.delta.impossible.ssh': 'the source’s hypervisor cannot reach the target’s by ssh',
  'proxmox-vm.delta.impossible.ssh.remedy':
    'Give root of the one a key that the other accepts, and accept its host key once.',
  'proxmox-vm.delta.impossible.qmp': 'the running QEMU’s control socket cannot be reached',
  'proxmox-vm.delta.impossible.qmp.remedy': 'Log in as root, or by sudo, and install socat.',
  'proxmox-vm.delta.impossible.room':
    '{{wanted}} GB are needed at each end; free are {{source}} GB at the source, {{target}} GB at the target',
  'proxmox-vm.delta.impossible.room.remedy': 'Make room, or name another folder as staging.',
}

export const french: Catalogue = {
  'proxmox-vm.delta.seed.title': '{{machine}} : copie complète de ses disques vers {{targetSite}}',
  'proxmox-vm.delta.seed.byHand':
    'ssh {{target}} : qm destroy {{targetVmid}} --purge ; rm -r {{staging}}. Puis ssh {{source}} : rm -r {{staging}}. Les relevés nommés bascule-… dans les images de la source sont sans danger ; machine éteinte : qemu-img bitmap --remove IMAGE NOM.',
  'proxmox-vm.delta.delta.title': '{{machine}} : ce qui a changé depuis, vers {{targetSite}}',
  'proxmox-vm.delta.delta.noUndo':
    'La copie de la cible est seulement plus récente ; le prochain delta part de là.',
  'proxmox-vm.delta.final-delta.title': '{{machine}} : dernier delta vers {{targetSite}}',
  'proxmox-vm.delta.final-delta.noUndo':
    'La copie de la cible est seulement plus récente, et rien n’a été pris à la source.',
  'proxmox-vm.delta.compare.title': '{{machine}} : contenu des deux disques comparé',
  'proxmox-vm.delta.compare.noUndo': 'Cette étape ne fait que lire.',
  'proxmox-vm.delta.way-back.title': '{{machine}} : chemin de retour vers {{sourceSite}} préparé',

  'proxmox-vm.delta.broken.none':
    '{{component}} : {{target}} n’a aucune copie complète sur laquelle un delta pourrait s’appuyer.',
  'proxmox-vm.delta.broken.otherSeed':
    '{{component}} : ce que détient {{target}} vient d’une autre copie complète que celle dont {{source}} tient le relevé.',
  'proxmox-vm.delta.broken.started':
    '{{component}} : la machine a été préparée à démarrer sur {{target}} ; ce qu’elle y a écrit doit revenir avant qu’un delta puisse suivre.',
  'proxmox-vm.delta.broken.started.remedy':
    'Après une bascule c’est normal : {{source}} n’est plus l’original. Pour revenir : bascule rollback.',
  'proxmox-vm.delta.broken.otherDisks':
    '{{component}} : ses disques ne sont plus ceux de la copie complète (ajout, retrait, déplacement ou changement de taille).',
  'proxmox-vm.delta.broken.imageGone': '{{component}} : une image envoyée n’est plus sur {{target}}.',
  'proxmox-vm.delta.broken.touched':
    '{{component}} : une image sur {{target}} a été écrite par autre chose depuis la dernière copie (la machine y a-t-elle été démarrée ?).',
  'proxmox-vm.delta.broken.missing':
    '{{component}} : {{source}} n’a pas de relevé de ce qui a été écrit depuis la dernière copie que détient {{target}}.',
  'proxmox-vm.delta.broken.inconsistent':
    '{{component}} : QEMU a été tué sur {{source}} ; son relevé des écritures n’est plus fiable.',
  'proxmox-vm.delta.broken.remedy':
    'Taper bascule replicate : une nouvelle copie complète est faite. Si la cible a tourné pendant la nuit, revenir d’abord en arrière.',
  'proxmox-vm.delta.copyFailed': '{{component}} : QEMU sur {{host}} n’a pas pu copier ({{job}}) : {{detail}}',
  'proxmox-vm.delta.copyFailed.remedy':
    'Rien n’est perdu : le relevé continue. Chercher la place sur {{host}} (df -h), puis ordonner un nouvel essai.',
  'proxmox-vm.delta.inUse':
    '{{component}} : une machine tourne encore sur {{image}} à {{host}} ; rien ne peut y être écrit maintenant.',
  'proxmox-vm.delta.inUse.remedy':
    'Terminer la répétition ou la restauration d’essai qui la retient (bascule status dit où elle en est), puis relancer la même commande : rien n’est perdu. Pour voir ce qui tourne : ssh {{host}} qm list ; ces copies s’appellent {{component}}-rehearsal et {{component}}-test.',
  'proxmox-vm.delta.notApplied':
    '{{component}} : {{host}} n’a pas pu écrire ce qui a changé dans {{image}}. {{detail}}',
  'proxmox-vm.delta.notApplied.remedy':
    'Rien n’est perdu : ce qui a changé est encore à côté. Chercher la place (ssh {{host}} df -h {{image}}), puis relancer la même commande.',
  'proxmox-vm.delta.daemonStays':
    '{{component}} : un service de stockage d’un essai précédent ne se termine pas sur {{host}} ({{socket}}).',
  'proxmox-vm.delta.noNode':
    '{{component}} : QEMU sur {{host}} n’a pas d’image qcow2 {{path}} ouverte pour {{slot}}.',
  'proxmox-vm.delta.noNode.remedy':
    'Le disque a-t-il été déplacé pendant que la machine tourne ? Relancer l’audit ; backup-restore n’a pas besoin de relevé.',
  'proxmox-vm.delta.noRoom':
    '{{component}} : {{path}} sur {{host}} a {{free}} Go libres, il en faut {{wanted}}.',
  'proxmox-vm.delta.noRoom.remedy':
    'Faire de la place sur {{host}}, ou donner un autre dossier à staging dans le plan.',
  'proxmox-vm.delta.foreign':
    '{{component}} : le numéro {{vmid}} est celui d’une autre machine à {{site}} ; Bascule n’y touche pas.',
  'proxmox-vm.delta.foreign.remedy': 'Donner un autre numéro à target.vmid dans le plan.',
  'proxmox-vm.delta.unsent':
    '{{component}} : {{written}} Mo ont été écrits après le dernier delta vers {{target}}.',
  'proxmox-vm.delta.unsent.remedy': 'Ordonner un nouvel essai du dernier delta : {{component}}.final-delta',

  'proxmox-vm.delta.impossible.noDisks': 'aucun disque de la machine n’est connu',
  'proxmox-vm.delta.impossible.noDisks.remedy': 'Lancer l’audit.',
  'proxmox-vm.delta.impossible.format':
    'le disque {{slot}} est en {{format}} : QEMU ne garde de relevé que dans des images qcow2',
  'proxmox-vm.delta.impossible.format.remedy':
    'Déplacer le disque vers un stockage de fichiers en qcow2 (qm disk move), ou prendre backup-restore.',
  'proxmox-vm.delta.impossible.storage': 'le stockage de la cible ({{type}}) ne reçoit pas d’images qcow2',
  'proxmox-vm.delta.impossible.storage.remedy':
    'Donner un stockage de fichiers (dir, nfs, …) à target.storage.',
  'proxmox-vm.delta.impossible.snapshots':
    'la machine a des instantanés, qui ne voyageraient pas : {{names}}',
  'proxmox-vm.delta.impossible.snapshots.remedy':
    'Les supprimer, ou prendre backup-restore, qui les laisse sur place.',
  'proxmox-vm.delta.impossible.tools': 'il manque des programmes : {{tools}}',
  'proxmox-vm.delta.impossible.tools.remedy': 'Les installer sur les hyperviseurs nommés.',
  'proxmox-vm.delta.impossible.ssh': 'l’hyperviseur source n’atteint pas celui de la cible par ssh',
  'proxmox-vm.delta.impossible.ssh.remedy':
    'Donner à root de l’un une clé que l’autre accepte, et accepter une fois sa clé d’hôte.',
  'proxmox-vm.delta.impossible.qmp': 'la prise de commande du QEMU en marche est hors d’atteinte',
  'proxmox-vm.delta.impossible.qmp.remedy': 'Se connecter en root, ou par sudo, et installer socat.',
  'proxmox-vm.delta.impossible.room':
    'il faut {{wanted}} Go à chaque bout ; libres : {{source}} Go à la source, {{target}} Go à la cible',
  'proxmox-vm.delta.impossible.room.remedy': 'Faire de la place, ou donner un autre dossier à staging.',
}
