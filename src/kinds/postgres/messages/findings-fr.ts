import type { Catalogue } from '../../../model/text.ts'

export const findingsFr: Catalogue = {
  'postgres.finding.ready': '{{component}} : PostgreSQL {{version}} est prêt à être répliqué.',
  'postgres.finding.sourceDown': '{{component}} : la source n’est pas un primaire en marche ({{state}}).',
  'postgres.finding.sourceDown.remedy': 'La démarrer, ou corriger `source` dans le plan.',
  'postgres.finding.version':
    '{{component}} : les versions majeures diffèrent (source {{source}}, cible {{target}}) ; la réplication exige la même, celle de `cluster`.',
  'postgres.finding.version.remedy':
    'Installer PostgreSQL {{source}} à la cible et nommer ce cluster dans le plan.',
  'postgres.finding.minorVersion':
    '{{component}} : la cible ({{target}}) est plus ancienne que la source ({{source}}).',
  'postgres.finding.minorVersion.remedy': 'Mettre la cible à la version mineure de la source avant la copie.',
  'postgres.finding.superuser':
    '{{component}} : le rôle de `admin` n’est pas superutilisateur sur les deux sites.',
  'postgres.finding.superuser.remedy': 'alter role ... superuser, sur le site où il manque.',
  'postgres.finding.tls': '{{component}} : TLS est désactivé ; la copie circulerait en clair.',
  'postgres.finding.tls.remedy': 'Mettre ssl = on avec un certificat sur les deux sites et redémarrer.',
  'postgres.finding.walLevel': '{{component}} : wal_level vaut {{level}} ; rien ne peut être répliqué.',
  'postgres.finding.walLevel.remedy': 'alter system set wal_level = replica, puis redémarrer la source.',
  'postgres.finding.slots': '{{component}} : {{free}} slots de réplication libres, il en faut {{needed}}.',
  'postgres.finding.slots.remedy':
    'Augmenter max_replication_slots (redémarrage), ou supprimer les slots inutilisés.',
  'postgres.finding.idleSlots':
    '{{component}} : des slots que personne ne lit retiennent des journaux : {{slots}}.',
  'postgres.finding.idleSlots.remedy':
    'Chercher à qui ils sont ; les supprimer avec pg_drop_replication_slot().',
  'postgres.finding.lostSlot': '{{component}} : les journaux retenus par ces slots ont disparu : {{slots}}.',
  'postgres.finding.lostSlot.remedy':
    'Augmenter maxSlotWalKeepGB si le disque le permet, puis relancer `bascule replicate`.',
  'postgres.finding.senders': '{{component}} : {{free}} walsenders libres, il en faut {{needed}}.',
  'postgres.finding.senders.remedy': 'Augmenter max_wal_senders et redémarrer la source.',
  'postgres.finding.glibc':
    '{{component}} : les bibliothèques C diffèrent ({{source}}, {{target}}) ; l’ordre des textes peut changer et corrompre des index.',
  'postgres.finding.glibc.remedy':
    'Installer la même version sur les deux hôtes, ou prévoir un REINDEX des index sur du texte avant le retour des utilisateurs.',
  'postgres.finding.icu': '{{component}} : les versions d’ICU diffèrent ({{source}}, {{target}}).',
  'postgres.finding.icu.remedy':
    'Installer la même ICU sur les deux hôtes, ou prévoir un REINDEX des index qui s’en servent.',
  'postgres.finding.collationMismatch':
    '{{component}} : des index ont été construits avec une autre version de ces collations : {{collations}}.',
  'postgres.finding.collationMismatch.remedy':
    'REINDEX de ce qui les utilise, puis alter collation ... refresh version.',
  'postgres.finding.locale': '{{component}} : locales absentes à la cible : {{locales}}.',
  'postgres.finding.locale.remedy': 'Les générer à la cible (locale-gen) et redémarrer son cluster.',
  'postgres.finding.tablespaces':
    '{{component}} : tablespaces hors du répertoire de données : {{tablespaces}}.',
  'postgres.finding.tablespaces.remedy':
    'Ramener leurs tables dans pg_default ; ce genre ne sait pas les transporter.',
  'postgres.finding.unlogged': '{{component}} : les tables non journalisées arrivent vides : {{tables}}.',
  'postgres.finding.unlogged.remedy': 'alter table ... set logged, si leurs lignes comptent.',
  'postgres.finding.prepared':
    '{{component}} : des transactions préparées sont ouvertes : {{gids}} ; la nuit ne peut pas commencer ainsi.',
  'postgres.finding.prepared.remedy': 'commit prepared ou rollback prepared, avec leur propriétaire.',
  'postgres.finding.superuserSessions':
    '{{component}} : des programmes se connectent en superutilisateur : {{roles}} ; la clôture ne les arrête pas.',
  'postgres.finding.superuserSessions.remedy': 'Leur donner un rôle ordinaire, ou les arrêter avant la nuit.',
  'postgres.finding.disk': '{{component}} : {{freeMB}} Mo libres à la cible, il en faut {{neededMB}}.',
  'postgres.finding.disk.remedy': 'Libérer de la place sur le disque du répertoire de données, à la cible.',
  'postgres.finding.sourceDisk':
    '{{component}} : {{freeMB}} Mo libres à la source ; les slots peuvent retenir jusqu’à {{neededMB}} Mo de journaux.',
  'postgres.finding.sourceDisk.remedy': 'Libérer de la place, ou baisser maxSlotWalKeepGB.',
  'postgres.finding.foreignData':
    '{{component}} : la cible contient déjà des données : {{databases}}. Elles ne sont jamais écrasées.',
  'postgres.finding.foreignData.remedy':
    'Nommer un cluster vide comme cible, ou déplacer d’abord ces données.',
  'postgres.finding.databases': '{{component}} : bases du plan absentes de la source : {{databases}}.',
  'postgres.finding.databases.remedy': 'Corriger `databases` dans le plan.',
  'postgres.finding.otherDatabases':
    '{{component}} : la copie est celle du cluster entier ; ces bases partent et sont clôturées aussi : {{databases}}.',
  'postgres.finding.otherDatabases.remedy': 'Prévenir leurs utilisateurs et les ajouter à `databases`.',
  'postgres.finding.walInspect':
    '{{component}} : l’extension pg_walinspect n’est pas disponible ; la fenêtre comparera toutes les lignes, ce qui est long.',
  'postgres.finding.walInspect.remedy': 'Installer postgresql-contrib (PostgreSQL 15 ou plus).',
  'postgres.finding.proofOutdated':
    '{{component}} : la copie a été refaite ou rembobinée après la dernière preuve ({{at}}) ; la fenêtre comparerait toutes les lignes.',
  'postgres.finding.proofOutdated.remedy': 'Relancer `bascule replicate` avant la nuit.',
}
