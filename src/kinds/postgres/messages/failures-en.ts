import type { Catalogue } from '../../../model/text.ts'

export const failuresEn: Catalogue = {
  'postgres.unknownHost':
    'component {{component}} names the host {{host}}, which site {{site}} does not have',
  'postgres.noCluster': 'there is no cluster {{cluster}} at {{host}}',
  'postgres.noCluster.remedy':
    'look with: pg_lsclusters; then correct `cluster` in the plan or pg_createcluster',
  'postgres.controldata.missing': 'pg_controldata does not say "{{field}}"',
  'postgres.cannotStart': 'PostgreSQL at {{host}} does not come up. {{detail}}',
  'postgres.cannotStart.remedy':
    'at {{host}}: tail /var/log/postgresql/postgresql-{{version}}-{{cluster}}.log; pg_ctlcluster {{version}} {{cluster}} start',
  'postgres.cannotStop': 'PostgreSQL at {{host}} cannot be stopped',
  'postgres.cannotStop.remedy': 'at {{host}}: pg_ctlcluster {{version}} {{cluster}} stop -m fast',
  'postgres.seeLog': 'see the log of cluster {{cluster}} at {{host}}: /var/log/postgresql',
  'postgres.stale': 'another run has taken over: {{host}} bears the number {{current}}, ours is {{ours}}',
  'postgres.stale.remedy': 'end this program; see who runs with: bascule status',
  'postgres.notStreaming': '{{standby}} does not receive from {{primary}}',
  'postgres.notReplayed': '{{host}} has not replayed the position {{position}}',
  'postgres.notEqual': 'the positions do not meet: written {{written}}, replayed {{replayed}}',
  'postgres.notEqual.remedy':
    'see who still writes at {{host}}: select * from pg_stat_activity; and whether the link is up',
  'postgres.secondPrimary': '{{host}} accepts writes; a second primary is refused',
  'postgres.secondPrimary.remedy':
    'find out which of the two holds the last writes before {{host}} is stopped',
  'postgres.seed.sourceNotPrimary':
    'the source {{host}} is not a running primary; there is nothing to copy from',
  'postgres.seed.full': 'the disk of {{host}} is full: the copy was given up. {{detail}}',
  'postgres.seed.full.remedy':
    'make room (ssh {{host}} df -h {{directory}}); the copy is then made again from the start',
  'postgres.seed.failed': '{{host}}: pg_basebackup ended with code {{exitCode}}. {{detail}}',
  'postgres.seed.failed.remedy':
    'mend what it names (logs of both clusters: /var/log/postgresql); the copy is then made again from the start',
  'postgres.seed.foreignData':
    'the target {{host}} holds data of its own: {{databases}}; it is never overwritten',
  'postgres.prove.openTransaction':
    'a transaction at {{host}} has been open for more than {{seconds}} s (process {{pid}})',
  'postgres.prove.openTransaction.remedy':
    'wait for it or end it with pg_terminate_backend() at {{host}}, then run `bascule replicate` again',
  'postgres.prove.different': '{{count}} rows differ between source and copy: {{rows}}',
  'postgres.prove.different.remedy': 'undo the copy and make it again: a copy that differs is not repaired',
  'postgres.fence.prepared': 'prepared transactions are open: {{gids}}',
  'postgres.fence.prepared.remedy': 'commit prepared or rollback prepared, then try again',
  'postgres.fence.sessions': 'sessions at {{host}} come back as fast as they are ended',
  'postgres.fence.sessions.remedy': 'stop the program that connects as superuser to {{host}}',
  'postgres.fence.stillWritable': '{{host}} still takes writes although it is fenced',
  'postgres.accept.notWritable': '{{host}} does not take writes',
  'postgres.stopSource.targetNotStandby': 'the target {{host}} is not a standby; the source is not stopped',
  'postgres.stopSource.unclean': 'the source {{host}} did not stop cleanly: {{state}}',
  'postgres.stopSource.notReceived':
    'the last record of the source ({{checkpoint}}) has not come to {{host}}',
  'postgres.stopSource.notReceived.remedy': 'roll back: the source starts again and has lost nothing',
  'postgres.stopSource.stillStandby': 'the source {{host}} came up as a standby',
  'postgres.promote.noStandby': 'the target {{host}} is not a standby that could be promoted',
  'postgres.promote.notYet': '{{host}} does not become a primary in the time it has',
  'postgres.promote.wouldLose':
    'the target {{host}} is open to users and the source has not been given back the authority: stopping it could lose writes',
  'postgres.promote.wouldLose.remedy': 'undo `accept` and `reverse` first; they bring everything home',
  'postgres.reverse.noMarker': 'the mark written at the target has not come to {{host}}',
  'postgres.handBack.targetNotPrimary':
    'the target {{host}} came up as a standby: what it wrote as a primary cannot be brought home from there',
  'postgres.handBack.unclean': 'the target {{host}} did not stop cleanly: {{state}}',
  'postgres.handBack.notReceived': 'the last record of the target ({{checkpoint}}) has not come to {{host}}',
  'postgres.handBack.notReceived.remedy': 'try again: {{host}} is started again and sends what is missing',
}
