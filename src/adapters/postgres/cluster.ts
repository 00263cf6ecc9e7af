import { Failure } from '../../model/failure.ts'
import type { ChangeIo, ReadIo } from '../../model/io.ts'
import { clusterStatus, configuredValue, controlData, exists, startCluster, stopCluster } from './commands.ts'
import { type ControlData, parseControlData } from './controldata.ts'
import type { Lsn } from './lsn.ts'
import type { Side } from './sides.ts'
import { queryText } from './sql.ts'
import { until } from './wait.ts'

/** `starting`: runs, and does not let anyone in (yet). */
export type ClusterState = 'stopped' | 'starting' | 'standby' | 'primary'

const startSeconds = 120
const stopSeconds = 60

export async function isRunning(side: Side, io: ReadIo): Promise<boolean> {
  const status = await io.read(side.host, clusterStatus(side), { allowFailure: true, asUser: 'postgres' })
  if (status.exitCode === 0) return true
  if (status.exitCode === 3) return false
  throw new Failure(
    { key: 'postgres.noCluster', values: { cluster: side.spec.cluster, host: side.host } },
    { cause: new Error(status.stderr || status.stdout), remedy: { key: 'postgres.noCluster.remedy' } },
  )
}

export async function stateOf(side: Side, io: ReadIo): Promise<ClusterState> {
  const recovery = await inRecovery(side, io)
  if (recovery !== undefined) return recovery ? 'standby' : 'primary'
  return (await isRunning(side, io)) ? 'starting' : 'stopped'
}

/** Undefined when the server cannot be asked. */
async function inRecovery(side: Side, io: ReadIo): Promise<boolean | undefined> {
  try {
    return (await queryText(io, side.sql, 'select pg_is_in_recovery()::text')) === 'true'
  } catch (error) {
    if (io.signal.aborted) throw error
    return undefined
  }
}

export async function readConfigured(side: Side, name: string, io: ReadIo): Promise<string> {
  const { stdout } = await io.read(side.host, configuredValue(side, name), { asUser: 'postgres' })
  return stdout.trim()
}
export const dataDirectoryOf = (side: Side, io: ReadIo): Promise<string> =>
  readConfigured(side, 'data_directory', io)

export async function controlOf(side: Side, io: ReadIo): Promise<ControlData> {
  const { stdout } = await io.read(side.host, controlData(side, await dataDirectoryOf(side, io)), {
    asUser: 'postgres',
  })
  return parseControlData(stdout)
}

export async function pathExists(side: Side, path: string, io: ReadIo): Promise<boolean> {
  const { exitCode } = await io.read(side.host, exists(path), { allowFailure: true, asUser: 'postgres' })
  return exitCode === 0
}

/** Stops the cluster if it runs: `fast` checkpoints first; what cannot be stopped so is only ended for good when asked. */
export async function stop(
  side: Side,
  io: ChangeIo,
  { orImmediate = false, seconds = stopSeconds }: { orImmediate?: boolean; seconds?: number } = {},
): Promise<void> {
  if (!(await isRunning(side, io))) return
  const options = { allowFailure: true, timeoutSeconds: seconds }
  let failure: unknown
  try {
    const { stdout, stderr } = await io.change(side.host, stopCluster(side, 'fast'), options)
    failure = new Error(`${stdout}${stderr}`.trim())
  } catch (error) {
    if (io.signal.aborted || !orImmediate) throw error
    failure = error
  }
  if (!(await isRunning(side, io))) return
  if (orImmediate) await io.change(side.host, stopCluster(side, 'immediate'), options)
  if (await isRunning(side, io)) {
    throw new Failure(
      { key: 'postgres.cannotStop', values: { host: side.host } },
      { cause: failure, remedy: byHand('postgres.cannotStop.remedy', side) },
    )
  }
}

/** Starts the cluster if it does not run, and waits until it lets us in. */
export async function start(side: Side, io: ChangeIo): Promise<ClusterState> {
  let failure: unknown
  if (!(await isRunning(side, io))) {
    const { exitCode, stderr, stdout } = await io.change(side.host, startCluster(side), {
      allowFailure: true,
      timeoutSeconds: startSeconds,
    })
    if (exitCode !== 0) failure = new Error(`${stdout}${stderr}`.trim())
  }
  return await until(
    io,
    async () => {
      const state = await stateOf(side, io)
      if (state === 'stopped') throw failure ?? new Error('stopped')
      return state === 'starting' ? undefined : state
    },
    {
      // Refused outright: a second look is enough.
      seconds: failure === undefined ? startSeconds : 2,
      otherwise: () => ({ key: 'postgres.cannotStart', values: { host: side.host } }),
      remedy: byHand('postgres.cannotStart.remedy', side),
    },
  ).catch(error => {
    throw error instanceof Failure && failure !== undefined
      ? new Failure(error.text, { cause: failure, ...(error.remedy ? { remedy: error.remedy } : {}) })
      : error
  })
}

const byHand = (key: string, side: Side) => ({
  key,
  values: { host: side.host, version: side.version, cluster: side.clusterName },
})

/** Everything the source has written and made durable. */
export const flushedPosition = (side: Side, io: ReadIo): Promise<Lsn> =>
  queryText(io, side.sql, 'select pg_current_wal_flush_lsn()::text')
/** What a standby has replayed: what its readers see. Empty before the first record. */
export const replayedPosition = (side: Side, io: ReadIo): Promise<Lsn> =>
  queryText(io, side.sql, 'select pg_last_wal_replay_lsn()::text')
