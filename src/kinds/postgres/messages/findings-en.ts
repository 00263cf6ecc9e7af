import type { Catalogue } from '../../../model/text.ts'

export const findingsEn: Catalogue = {
  'postgres.finding.ready': '{{component}}: PostgreSQL {{version}} is ready to be replicated.',
  'postgres.finding.sourceDown': '{{component}}: the source is not a running primary ({{state}}).',
  'postgres.finding.sourceDown.remedy': 'Start it, or correct `source` in the plan.',
  'postgres.finding.version':
    '{{component}}: major versions differ (source {{source}}, target {{target}}); streaming needs the same one, that of `cluster`.',
  'postgres.finding.version.remedy':
    'Install PostgreSQL {{source}} at the target and name that cluster in the plan.',
  'postgres.finding.minorVersion':
    '{{component}}: the target ({{target}}) is older than the source ({{source}}).',
  'postgres.finding.minorVersion.remedy':
    'Update the target to the minor version of the source before the copy.',
  'postgres.finding.superuser': '{{component}}: the role of `admin` is not a superuser at both sites.',
  'postgres.finding.superuser.remedy': 'alter role ... superuser, at the site that lacks it.',
  'postgres.finding.tls': '{{component}}: TLS is off; the copy would travel in the clear.',
  'postgres.finding.tls.remedy': 'Set ssl = on with a certificate at both sites and restart.',
  'postgres.finding.walLevel': '{{component}}: wal_level is {{level}}; nothing can be replicated.',
  'postgres.finding.walLevel.remedy': 'alter system set wal_level = replica, then restart the source.',
  'postgres.finding.slots': '{{component}}: {{free}} free replication slots, {{needed}} needed.',
  'postgres.finding.slots.remedy': 'Raise max_replication_slots (restart), or drop slots that nobody uses.',
  'postgres.finding.idleSlots': '{{component}}: slots that nobody reads keep WAL at the source: {{slots}}.',
  'postgres.finding.idleSlots.remedy': 'Find out whose they are; drop them with pg_drop_replication_slot().',
  'postgres.finding.lostSlot': '{{component}}: the WAL that these slots kept is gone: {{slots}}.',
  'postgres.finding.lostSlot.remedy':
    'Raise maxSlotWalKeepGB if the disk allows, then run `bascule replicate` again.',
  'postgres.finding.senders': '{{component}}: {{free}} free WAL senders, {{needed}} needed.',
  'postgres.finding.senders.remedy': 'Raise max_wal_senders and restart the source.',
  'postgres.finding.glibc':
    '{{component}}: the C libraries differ ({{source}}, {{target}}); text may sort differently and corrupt indexes.',
  'postgres.finding.glibc.remedy':
    'Install the same release at both hosts, or plan REINDEX of all text indexes before users come back.',
  'postgres.finding.icu': '{{component}}: the ICU versions differ ({{source}}, {{target}}).',
  'postgres.finding.icu.remedy':
    'Install the same ICU at both hosts, or plan REINDEX of the indexes that use it.',
  'postgres.finding.collationMismatch':
    '{{component}}: indexes were built with another version of these collations: {{collations}}.',
  'postgres.finding.collationMismatch.remedy':
    'REINDEX what uses them, then alter collation ... refresh version.',
  'postgres.finding.locale': '{{component}}: locales missing at the target: {{locales}}.',
  'postgres.finding.locale.remedy': 'Generate them at the target (locale-gen) and restart its cluster.',
  'postgres.finding.tablespaces': '{{component}}: tablespaces outside the data directory: {{tablespaces}}.',
  'postgres.finding.tablespaces.remedy': 'Move their tables to pg_default, or this kind cannot carry them.',
  'postgres.finding.unlogged': '{{component}}: unlogged tables arrive empty: {{tables}}.',
  'postgres.finding.unlogged.remedy': 'alter table ... set logged, if their rows matter.',
  'postgres.finding.prepared':
    '{{component}}: prepared transactions are open: {{gids}}; the night cannot begin with them.',
  'postgres.finding.prepared.remedy': 'commit prepared or rollback prepared, with whoever owns them.',
  'postgres.finding.superuserSessions':
    '{{component}}: programs connect as superuser: {{roles}}; a fence cannot keep them out.',
  'postgres.finding.superuserSessions.remedy': 'Give them an ordinary role, or stop them before the night.',
  'postgres.finding.disk': '{{component}}: {{freeMB}} MB free at the target, {{neededMB}} MB needed.',
  'postgres.finding.disk.remedy': 'Make room on the disk of the data directory at the target.',
  'postgres.finding.sourceDisk':
    '{{component}}: {{freeMB}} MB free at the source; the slots may keep up to {{neededMB}} MB of WAL.',
  'postgres.finding.sourceDisk.remedy': 'Make room, or lower maxSlotWalKeepGB.',
  'postgres.finding.foreignData':
    '{{component}}: the target holds data of its own: {{databases}}. It is never overwritten.',
  'postgres.finding.foreignData.remedy':
    'Name an empty cluster as the target, or move that data elsewhere first.',
  'postgres.finding.databases':
    '{{component}}: databases that the plan names are not at the source: {{databases}}.',
  'postgres.finding.databases.remedy': 'Correct `databases` in the plan.',
  'postgres.finding.otherDatabases':
    '{{component}}: the copy is of the whole cluster; these databases move and are fenced too: {{databases}}.',
  'postgres.finding.otherDatabases.remedy': 'Tell their users, and add them to `databases`.',
  'postgres.finding.walInspect':
    '{{component}}: the extension pg_walinspect is not to be had; the window will compare every row, which takes long.',
  'postgres.finding.walInspect.remedy': 'Install postgresql-contrib (PostgreSQL 15 or later).',
  'postgres.finding.proofOutdated':
    '{{component}}: the copy was made or rewound after the last proof ({{at}}); the window would compare every row.',
  'postgres.finding.proofOutdated.remedy': 'Run `bascule replicate` again before the night.',
}
