import type { Catalogue } from '../../model/text.ts'

export const french: Catalogue = {
  'files.spec.path': 'un chemin absolu sans barre finale, jamais la racine elle-même',
  'files.unknownHost': '{{component}} : le site {{side}} n’a pas de machine nommée {{host}}.',

  'files.first-sync.title': '{{component}} : copie, puis envoi de ce qui a changé',
  'files.first-sync.noUndo':
    '{{path}} sur {{host}} contenait des fichiers avant tout envoi : rien ne distingue les nôtres des autres.',
  'files.first-sync.byHand': 'Sur {{host}}, vider la copie : find {{path}} -xdev -mindepth 1 -delete',
  'files.first-sync.kept':
    '{{path}} sur {{host}} n’est pas effacé : il n’était pas vide avant la première synchronisation, ou rien ne le prouve.',
  'files.first-sync.kept.remedy': 'Regarder et décider : ssh {{host}} find {{path}} -maxdepth 2',
  'files.prove.title': '{{component}} : comparaison préalable de toutes les empreintes',
  'files.prove.noUndo':
    'Cette étape rend la copie égale à la source ; l’effacer revient à annuler la première synchronisation.',
  'files.measure-delta.title': '{{component}} : mesure du delta final',
  'files.measure-delta.noUndo': 'Cette étape ne fait que lire.',
  'files.final-delta.title': '{{component}} : delta final',
  'files.final-delta.noUndo':
    'Rien à annuler : la source est intacte et la copie reste aussi à jour qu’elle l’est.',
  'files.compare.title': '{{component}} : comparaison des empreintes de ce qui a changé',
  'files.compare.noUndo': 'Rien à annuler : la copie est rendue égale à la source, qui est intacte.',
  'files.reverse-channel.title': '{{component}} : preuve du chemin de retour',
  'files.reverse-channel.noUndo': 'Cette étape s’annule.',
  'files.reverse-channel.byHand':
    'Ramener dans {{path}} ce qui a été écrit à la cible ; ce qui est remplacé est mis de côté : {{command}}',

  'files.measure.deltaBytes': '{{component}} : octets de fichiers restant à envoyer',
  'files.measure.filesDifferent': '{{component}} : fichiers différents entre les deux sites',
  'files.measure.unreadableFiles': '{{component}} : documents et vidéos illisibles',

  'files.sync.full': 'Plus de place pendant la copie de {{source}} vers {{target}}. {{detail}}',
  'files.sync.full.remedy':
    'Faire de la place (ssh {{target}} df -h {{targetPath}}), puis relancer la même commande : ce qui est arrivé est gardé.',
  'files.sync.refused': '{{source}} n’a pas le droit de se connecter à {{target}}. {{detail}}',
  'files.sync.refused.remedy':
    'Essayer jusqu’à ce que cette commande ne réponde rien : ssh {{source}} ssh -o BatchMode=yes {{address}} true',
  'files.sync.deletions':
    'Synchronisation arrêtée : elle supprimerait une trop grande part de la copie. {{detail}}',
  'files.sync.deletions.remedy':
    'Vérifier que la source est entière (ssh {{source}} ls {{sourcePath}}) ; si oui, augmenter maxDeletePercent, à {{maxDeletePercent}} aujourd’hui.',
  'files.sync.missing': 'rsync manque sur {{source}} ou sur {{target}}. {{detail}}',
  'files.sync.missing.remedy': 'L’installer sur les deux : apt install rsync',
  'files.sync.link':
    'La connexion de {{source}} vers {{target}} a été perdue (rsync {{exitCode}}). {{detail}}',
  'files.sync.link.remedy':
    'L’essayer (ssh {{source}} ssh {{address}} true), puis relancer la même commande : elle reprend où elle s’est arrêtée.',
  'files.sync.partial': 'Des éléments n’ont pas pu être copiés de {{source}} vers {{target}}. {{detail}}',
  'files.sync.partial.remedy':
    'Corriger ce qui est nommé (droits, disque abîmé, attributs que {{targetPath}} ne sait pas garder), puis relancer la même commande.',
  'files.sync.failed':
    'rsync de {{source}} vers {{target}} s’est terminé avec le code {{exitCode}}. {{detail}}',
  'files.sync.failed.remedy':
    'Lire ce que son manuel dit de ce code (ssh {{source}} man rsync), puis relancer la même commande.',

  'files.guard.missing': '{{path}} n’existe pas sur {{host}}.',
  'files.guard.empty':
    '{{path}} sur {{host}} est vide : rien n’en est copié, l’autre côté serait vidé aussi.',
  'files.guard.look': 'Vérifier qu’il est monté : ssh {{host}} findmnt -T {{path}}',
  'files.guard.unmounted':
    '{{path}} sur {{host}} était sur le disque monté en {{was}} ; il est maintenant sur {{is}}.',
  'files.guard.mount': 'Le remonter : ssh {{host}} mount {{was}}',
  'files.guard.deletions':
    'La synchronisation supprimerait {{count}} éléments de {{path}} sur {{target}} ; {{most}} au plus sont permis ({{percent}} %).',
  'files.guard.deletions.remedy':
    'Vérifier que la source est entière (ssh {{source}} ls {{path}}) ; si oui, augmenter maxDeletePercent dans le plan.',

  'files.changes.unlisted':
    '{{path}} sur {{host}} ne peut pas être parcouru en entier : ce qui n’est pas vu n’est pas égal. {{detail}}',
  'files.changes.unlisted.remedy': 'Voir ce qui ne peut pas être lu : ssh {{host}} find {{path}}',
  'files.reverse.notProven': 'Le témoin écrit sur {{target}} n’est pas arrivé intact sur {{source}}.',
  'files.reverse.notProven.remedy':
    'Essayer la connexion : ssh {{source}} ssh -o BatchMode=yes {{address}} true',
  'files.handBack.different':
    '{{count}} fichiers ramenés sur {{source}} ne sont pas ceux de la cible : {{examples}}',
  'files.handBack.different.remedy': 'Relancer le repli ; rien n’a été modifié à la cible.',

  'files.finding.source-missing': '{{sourcePath}} n’existe pas sur {{source}}.',
  'files.finding.source-missing.remedy':
    'Corriger le chemin dans le plan, ou le monter : ssh {{source}} findmnt',
  'files.finding.source-empty': '{{sourcePath}} est vide sur {{source}}.',
  'files.finding.source-empty.remedy': 'Vérifier qu’il est monté : ssh {{source}} findmnt -T {{sourcePath}}',
  'files.finding.volume':
    '{{files}} fichiers, {{gigabytes}} Go ; la première synchronisation devrait prendre {{minutes}} min.',
  'files.finding.declared-size': '{{gigabytes}} Go mesurés ; le plan en annonce de {{from}} à {{to}}.',
  'files.finding.declared-size.remedy': 'Corriger declaredSize dans le plan : les durées en sont calculées.',
  'files.finding.unreadable': '{{count}} documents sont déjà illisibles à la source : {{examples}}',
  'files.finding.unreadable.remedy':
    'Les réparer ou les retirer maintenant : la nuit venue, ils passeraient pour abîmés par la copie.',
  'files.finding.nested-mounts':
    'Un autre système de fichiers est monté dans {{sourcePath}} : il serait copié aussi.',
  'files.finding.nested-mounts.remedy':
    'S’il doit rester, l’ajouter à exclude : ssh {{source}} findmnt -R {{sourcePath}}',
  'files.finding.special-files': '{{count}} périphériques, sockets ou tubes dans l’arborescence.',
  'files.finding.special-files.remedy':
    'Voir s’ils y ont leur place : ssh {{source}} find {{sourcePath}} -type b -o -type c -o -type s -o -type p',
  'files.finding.no-rsync-source': 'rsync n’est pas installé sur {{source}}.',
  'files.finding.no-rsync-source.remedy': 'ssh {{source}} apt install rsync',
  'files.finding.no-rsync-target': 'rsync n’est pas installé sur {{target}}.',
  'files.finding.no-rsync-target.remedy': 'ssh {{target}} apt install rsync',
  'files.finding.old-rsync-source':
    'rsync {{version}} sur {{source}} est trop ancien : il faut au moins {{oldest}}.',
  'files.finding.old-rsync-source.remedy': 'ssh {{source}} apt install rsync',
  'files.finding.old-rsync-target':
    'rsync {{version}} sur {{target}} est trop ancien : il faut au moins {{oldest}}.',
  'files.finding.old-rsync-target.remedy': 'ssh {{target}} apt install rsync',
  'files.finding.no-login':
    '{{source}} ne peut pas se connecter à {{target}} ({{address}}) sans qu’on l’interroge. {{detail}}',
  'files.finding.no-login.remedy':
    'Lui donner une clé et faire connaître celle de la cible, jusqu’à ce que ceci ne réponde rien : ssh {{source}} ssh -o BatchMode=yes {{address}} true',
  'files.finding.target-foreign':
    '{{targetPath}} sur {{target}} contient déjà des fichiers qui ne sont pas les nôtres.',
  'files.finding.target-foreign.remedy':
    'La première synchronisation supprimerait ce que la source n’a pas, sans retour possible : les déplacer d’abord.',
  'files.finding.no-space': '{{free}} Go libres à la cible, {{needed}} Go nécessaires.',
  'files.finding.no-space.remedy': 'Faire de la place : ssh {{target}} df -h {{targetPath}}',
  'files.finding.no-inodes': '{{free}} inodes libres à la cible, {{needed}} nécessaires.',
  'files.finding.no-inodes.remedy':
    'Refaire le système de fichiers avec davantage d’inodes : ssh {{target}} df -i {{targetPath}}',
  'files.finding.filesystem':
    'La cible est en {{filesystem}}, qui peut ne garder ni les propriétaires, ni les ACL, ni les dates de changement.',
  'files.finding.filesystem.remedy':
    'Mettre {{targetPath}} sur un ext4, XFS, Btrfs ou ZFS local, ou retirer de preserve ce qu’il ne garde pas.',
  'files.finding.attributes-unknown':
    'Nul ne sait si l’arborescence porte des ACL ou des attributs : {{source}} n’a pas getfattr.',
  'files.finding.attributes-unknown.remedy': 'ssh {{source}} apt install attr, puis refaire l’audit.',
  'files.finding.dropped-acls': '{{count}} éléments portent des ACL, que le plan ne garde pas.',
  'files.finding.dropped-acls.remedy': 'Mettre preserve.acls: true dans le plan.',
  'files.finding.dropped-xattrs':
    '{{count}} éléments portent des attributs étendus, que le plan ne garde pas.',
  'files.finding.dropped-xattrs.remedy': 'Mettre preserve.xattrs: true dans le plan.',
  'files.finding.dropped-hardLinked':
    '{{count}} noms partagent leur fichier avec un autre ; le plan les copierait chacun à part.',
  'files.finding.dropped-hardLinked.remedy': 'Mettre preserve.hardLinks: true dans le plan.',
  'files.finding.unlikeUsers': 'Numéros d’utilisateur qui désignent quelqu’un d’autre à la cible : {{names}}',
  'files.finding.unlikeUsers.remedy':
    'Les numéros sont copiés tels quels : donner à ces utilisateurs le même numéro sur {{target}}.',
  'files.finding.unlikeGroups': 'Numéros de groupe qui désignent un autre groupe à la cible : {{names}}',
  'files.finding.unlikeGroups.remedy':
    'Les numéros sont copiés tels quels : donner à ces groupes le même numéro sur {{target}}.',
}
