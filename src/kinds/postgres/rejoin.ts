import type { ChangeIo } from '../../model/io.ts'
import { controlOf, dataDirectoryOf, flushedPosition, pathExists, start, stop } from './cluster.ts'
import { finishRecovery, removeFile, rewind } from './commands.ts'
import type { ControlData } from './controldata.ts'
import { sharedSettings } from './copy.ts'
import { higherOfBoth } from './settings.ts'
import { configDirectory, type Side, slotOf, standbySignal } from './sides.ts'
import { ensureSlot } from './slots.ts'
import { queryText } from './sql.ts'
import { signalStandby, waitForReplaying, writeStandbySettings } from './standby.ts'

/**
 * A former standby or primary of the same origin becomes a standby of `primary` again, without a new copy: pg_rewind
 * takes back what it wrote on its own. Whatever it had written alone is gone after this: only for a copy without
 * authority. Throws Failure when too much log is gone for that; then only a new copy helps.
 */
export async function rejoin(standby: Side, primary: Side, io: ChangeIo): Promise<'rejoined' | 'rewound'> {
  const shared = higherOfBoth(await sharedSettings(primary, io), await sharedSettings(standby, io))
  await ensureSlot(primary, slotOf(standby), io)
  await stop(standby, io, { orImmediate: true })
  await writeStandbySettings(standby, primary, shared, io)
  const rewound = await takeBack(standby, primary, io)
  await signalStandby(standby, io)
  const position = await flushedPosition(primary, io)
  await start(standby, io)
  await waitForReplaying(standby, primary, position, io, 20)
  return rewound ? 'rewound' : 'rejoined'
}

async function takeBack(standby: Side, primary: Side, io: ChangeIo): Promise<boolean> {
  // pg_rewind compares with the primary's control file, which says a new timeline only after a checkpoint.
  await io.execute(primary.sql, 'checkpoint')
  const timeline = Number(await queryText(io, primary.sql, 'select timeline_id from pg_control_checkpoint()'))
  const control = await controlOf(standby, io)
  const dataDirectory = await dataDirectoryOf(standby, io)
  if (await isOnlyBehind(standby, control, timeline, io)) return false
  const configFile = `${configDirectory(standby)}/postgresql.conf`
  // The servers below know no standby mode, and no one can reach them: nothing is a primary here.
  await io.change(standby.host, removeFile(standbySignal(dataDirectory)))
  if (control.state === 'shut down in recovery') {
    // A promotion given up half-way: what it began is finished first, for pg_rewind would overlook it.
    const argv = finishRecovery(standby, dataDirectory, configFile)
    await io.change(standby.host, argv, { asUser: 'postgres', input: '' })
  }
  const { stderr, stdout } = await io.change(
    standby.host,
    rewind(primary, standby, dataDirectory, configFile),
    { asUser: 'postgres' },
  )
  return !/no rewind required/.test(stdout + stderr)
}

/**
 * A copy that has written no page of its own needs nothing but to go on: one that was never started yet, and a standby that
 * was stopped or killed on its primary's own timeline. pg_rewind would end the recovery of what was killed, in single-user mode
 * and on that same timeline; what it writes at the end is not in the primary's log, and pg_rewind does not see it then:
 * "same timeline, no rewind required".
 */
async function isOnlyBehind(standby: Side, control: ControlData, timeline: number, io: ChangeIo) {
  const dataDirectory = await dataDirectoryOf(standby, io)
  if (await pathExists(standby, `${dataDirectory}/backup_label`, io)) return true
  const wasStandby = ['shut down in recovery', 'in archive recovery'].includes(control.state)
  return wasStandby && control.timeline === timeline
}
