import type { ChangeIo } from '../../model/io.ts'
import { controlOf, dataDirectoryOf, start, stop } from './cluster.ts'
import { listDirectory, removeFile, rewind } from './commands.ts'
import { isCleanlyStopped } from './controldata.ts'
import { sharedSettings } from './copy.ts'
import { higherOfBoth } from './settings.ts'
import { configDirectory, type Side, slotOf, standbySignal } from './sides.ts'
import { ensureSlot } from './slots.ts'
import { queryText } from './sql.ts'
import { signalStandby, waitForStreaming, writeStandbySettings } from './standby.ts'
import { ofLaterTimelines } from './wal-files.ts'

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
  if (control.state === 'shut down in recovery' && control.timeline === timeline) {
    await dropLaterTimelines(standby, `${dataDirectory}/pg_wal`, timeline, io)
    return false
  }
  // pg_rewind brings an unclean cluster to rest by itself, with a server that knows no standby mode.
  if (!isCleanlyStopped(control)) await io.change(standby.host, removeFile(standbySignal(dataDirectory)))
  const configFile = `${configDirectory(standby)}/postgresql.conf`
  const { stderr, stdout } = await io.change(
    standby.host,
    rewind(primary, standby, dataDirectory, configFile),
    { asUser: 'postgres' },
  )
  return !/no rewind required/.test(stdout + stderr)
}

async function dropLaterTimelines(
  standby: Side,
  directory: string,
  timeline: number,
  io: ChangeIo,
): Promise<void> {
  const { stdout } = await io.read(standby.host, listDirectory(directory), { asUser: 'postgres' })
  for (const name of ofLaterTimelines(stdout.split('\n'), timeline)) {
    await io.change(standby.host, removeFile(`${directory}/${name}`))
  }
}
