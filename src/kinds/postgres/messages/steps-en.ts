import type { Catalogue } from '../../../model/text.ts'

export const stepsEn: Catalogue = {
  'postgres.allow-replication.title':
    '{{component}}: allow replication (role, pg_hba.conf, bound on kept WAL)',
  'postgres.allow-replication.byHand':
    'Remove the lines between the bascule marks from pg_hba.conf at both hosts, reload, drop the replication role and the schema bascule.',
  'postgres.create-slot.title': '{{component}}: create the replication slots at the source',
  'postgres.create-slot.byHand':
    'At the source: select pg_drop_replication_slot(...) for each slot of Bascule.',
  'postgres.seed.title': '{{component}}: copy the cluster to the target and keep it following',
  'postgres.seed.byHand':
    'At the target: stop the cluster, remove its data directory, rename the one ending in .before-bascule back, remove conf.d/zz-bascule.conf, start.',
  'postgres.prove.title': '{{component}}: compare every row ahead of the night',
  'postgres.prove.byHand': "At the source: delete from bascule.kept where key = 'proof'.",
  'postgres.fence.title': '{{component}}: the source refuses writes and users',
  'postgres.fence.byHand':
    "At the source: alter system reset default_transaction_read_only and autovacuum, pg_reload_conf(), and set the connection limits back to those in bascule.kept (key 'fence').",
  'postgres.drain.title': '{{component}}: the target stands at the very position of the source',
  'postgres.drain.byHand': 'Nothing to undo.',
  'postgres.stop-source.title': '{{component}}: stop the source cleanly',
  'postgres.stop-source.byHand':
    'Make sure that the target is stopped or a standby. At the source: remove standby.signal and conf.d/zz-bascule.conf, then pg_ctlcluster start.',
  'postgres.promote.title': '{{component}}: promote the target',
  'postgres.promote.byHand':
    'At the target: create standby.signal in the data directory, then pg_ctlcluster stop -m fast. Leave it stopped.',
  'postgres.reverse.title': '{{component}}: the old source follows the target, proven by a mark',
  'postgres.reverse.byHand':
    'Shut users out of the target, wait until the source has replayed its position, stop the target cleanly, compare its latest checkpoint (pg_controldata) with the position of the source, then pg_promote() at the source.',
  'postgres.accept.title': '{{component}}: the target takes writes',
  'postgres.accept.byHand':
    'At the target: alter database ... connection limit 0, alter system set default_transaction_read_only = on, reload, end the sessions.',
  'postgres.pause.title': '{{component}}: the copy stops at one position for the rehearsal',
  'postgres.pause.byHand': 'At the target: select pg_wal_replay_resume().',
  'postgres.measure.lagSeconds': '{{component}}: replication lag',
  'postgres.measure.lagBytes': '{{component}}: replication lag in bytes',
  'postgres.measure.unreachableDatabases': '{{component}}: databases that do not answer at the target',
  'postgres.measure.rowsDifferent': '{{component}}: rows that differ between source and target',
}
