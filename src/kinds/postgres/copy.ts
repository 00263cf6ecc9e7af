import { dirname } from 'node:path'
import { Failure } from '../../model/failure.ts'
import type { ChangeIo, CommandResult, ReadIo } from '../../model/io.ts'
import { composed } from '../../model/text.ts'
import { dataDirectoryOf, isRunning, pathExists, start, stateOf, stop } from './cluster.ts'
import { baseBackup, makeDataDirectory, move, removeFile, removeTree } from './commands.ts'
import { higherOfBoth, settingsOfBoth } from './settings.ts'
import { asidePath, copyingMark, type Side, settingsPath, slotOf } from './sides.ts'
import { queryOne } from './sql.ts'
import { signalStandby, writeStandbySettings } from './standby.ts'

/**
 * A whole new copy of `primary` in the place of the standby's own cluster, which is set aside and comes back with
 * `putBack`. What stands in its place afterwards is ours, and is removed when the copy is made again.
 */
export async function copyFrom(primary: Side, standby: Side, io: ChangeIo): Promise<void> {
  const dataDirectory = await dataDirectoryOf(standby, io)
  const mark = copyingMark(dataDirectory)
  const shared = higherOfBoth(await sharedSettings(primary, io), await sharedSettings(standby, io))
  await io.writeFile(standby.host, mark, '', { mode: '0644' })
  await stop(standby, io, { orImmediate: true })
  await makeRoom(standby, dataDirectory, io)
  await io.change(standby.host, makeDataDirectory(dataDirectory))
  await writeStandbySettings(standby, primary, shared, io)
  await withProgress(primary, io, () => takeBackup(primary, standby, dataDirectory, io))
  await signalStandby(standby, io)
  await io.change(standby.host, removeFile(mark))
  await start(standby, io)
}

/** Throws Failure; a full disk is told apart, for what to do about it is known. */
async function takeBackup(primary: Side, standby: Side, dataDirectory: string, io: ChangeIo): Promise<void> {
  const argv = baseBackup(primary, standby, dataDirectory, slotOf(standby))
  const result = await io.change(standby.host, argv, { asUser: 'postgres', allowFailure: true })
  if (result.exitCode === 0) return
  const values = { host: standby.host, directory: dirname(dataDirectory), ...lastWords(result) }
  const key = /No space left on device/.test(result.stderr) ? 'postgres.seed.full' : 'postgres.seed.failed'
  throw new Failure({ key, values }, { remedy: { key: composed(`${key}.remedy`), values } })
}

const lastWords = ({ exitCode, stderr }: CommandResult) => ({
  exitCode,
  detail: stderr.trim().split('\n').slice(-3).join(' '),
})

async function makeRoom(standby: Side, dataDirectory: string, io: ChangeIo): Promise<void> {
  const aside = asidePath(dataDirectory)
  if (await pathExists(standby, aside, io)) await io.change(standby.host, removeTree(dataDirectory))
  else if (await pathExists(standby, dataDirectory, io)) {
    await io.change(standby.host, move(dataDirectory, aside))
  }
}

/** The cluster that was there before is there again, and runs. Without a copy there is nothing to do. */
export async function putBack(standby: Side, io: ChangeIo): Promise<void> {
  const dataDirectory = await dataDirectoryOf(standby, io)
  const aside = asidePath(dataDirectory)
  if (await pathExists(standby, aside, io)) {
    await stop(standby, io, { orImmediate: true })
    await io.change(standby.host, removeTree(dataDirectory))
    await io.change(standby.host, removeFile(settingsPath(standby)))
    await io.change(standby.host, move(aside, dataDirectory))
  }
  await io.change(standby.host, removeFile(settingsPath(standby)))
  await io.change(standby.host, removeFile(copyingMark(dataDirectory)))
  if (!(await isRunning(standby, io))) await start(standby, io)
}

/** Empty of a cluster that cannot be asked: then the other side's values hold. */
export async function sharedSettings(side: Side, io: ReadIo): Promise<Record<string, number>> {
  const state = await stateOf(side, io)
  if (state !== 'primary' && state !== 'standby') return {}
  const columns = settingsOfBoth.map(name => `current_setting('${name}')::int as ${name}`)
  return ((await queryOne(io, side.sql, `select ${columns.join(', ')}`)) ?? {}) as Record<string, number>
}

/** The primary counts what it sends; pg_basebackup's own meter is not read, it has no form made for programs. */
async function withProgress<T>(primary: Side, io: ChangeIo, work: () => Promise<T>): Promise<T> {
  let over = false
  const watch = async (): Promise<void> => {
    while (!over) {
      const row = await queryOne(
        io,
        primary.sql,
        `select backup_streamed::int8 as done, backup_total::int8 as total
         from pg_stat_progress_basebackup limit 1`,
      )
      // The total is an estimate made before: what is written meanwhile comes on top.
      if (row?.total && !over) {
        const done = Number(row.done)
        io.report({ bytesDone: done, bytesTotal: Math.max(done, Number(row.total)) })
      }
      await io.sleep(0.5)
    }
  }
  const watching = watch().catch(() => undefined)
  try {
    return await work()
  } finally {
    over = true
    await watching
  }
}
