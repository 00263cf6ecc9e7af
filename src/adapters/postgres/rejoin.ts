import type { ChangeIo } from '../../model/io.ts'
import { controlOf, dataDirectoryOf, start, stop } from './cluster.ts'
import { finishRecovery, removeFile, rewind } from './commands.ts'
import { sharedSettings } from './copy.ts'
import { higherOfBoth } from './settings.ts'
import { configDirectory, type Side, slotOf, standbySignal } from './sides.ts'
import { ensureSlot } from './slots.ts'
import { queryText } from './sql.ts'
import { signalStandby, waitForStreaming, writeStandbySettings } from './standby.ts'

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
  await start(standby, io)
  await waitForStreaming(standby, primary, io, 20)
  return rewound ? 'rewound' : 'rejoined'
}

async function takeBack(standby: Side, primary: Side, io: ChangeIo): Promise<boolean> {
  // pg_rewind compares with the primary's control file, which says a new timeline only after a checkpoint.
  await io.execute(primary.sql, 'checkpoint')
  const timeline = Number(await queryText(io, primary.sql, 'select timeline_id from pg_control_checkpoint()'))
  const control = await controlOf(standby, io)
  const dataDirectory = await dataDirectoryOf(standby, io)
  // Stopped cleanly on its primary's own timeline: it has written no page of its own.
  if (control.state === 'shut down in recovery' && control.timeline === timeline) return false
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
