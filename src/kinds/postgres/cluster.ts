import { Failure } from '../../model/failure.ts'
import type { ChangeIo, ReadIo } from '../../model/io.ts'
import { until } from '../kit/until.ts'
import { clusterStatus, configuredValue, controlData, exists, startCluster, stopCluster } from './commands.ts'
import type { Lsn } from './lsn.ts'
import { type ClusterSide, copyingMark } from './sides.ts'
import { queryText } from './sql.ts'

/** `starting`: runs, and does not let anyone in (yet). */
export type ClusterState = 'stopped' | 'starting' | 'standby' | 'primary'

const startSeconds = 120
const stopSeconds = 60

export async function isRunning(side: ClusterSide, io: ReadIo): Promise<boolean> {
  const argv = clusterStatus(side, await dataDirectoryOf(side, io))
  // Not 0: it is down, or there is no data directory (while a copy is being made there is none for a moment).
  return (await io.read(side.host, argv, { allowFailure: true, asUser: 'postgres' })).exitCode === 0
}

export async function stateOf(side: ClusterSide, io: ReadIo): Promise<ClusterState> {
  const recovery = await inRecovery(side, io)
  if (recovery !== undefined) return recovery ? 'standby' : 'primary'
  return (await isRunning(side, io)) ? 'starting' : 'stopped'
}

/** Undefined when the server cannot be asked. */
async function inRecovery(side: ClusterSide, io: ReadIo): Promise<boolean | undefined> {
  try {
    return (await queryText(io, side.sql, 'select pg_is_in_recovery()::text')) === 'true'
  } catch (error) {
    if (io.signal.aborted) throw error
    return undefined
  }
}

/** Throws Failure when the host has no such cluster. */
export async function readConfigured(side: ClusterSide, name: string, io: ReadIo): Promise<string> {
  const options = { asUser: 'postgres', allowFailure: true }
  const { exitCode, stdout, stderr } = await io.read(side.host, configuredValue(side, name), options)
  if (exitCode === 0) return stdout.trim()
  throw new Failure(
    {
      key: 'postgres.noCluster',
      values: { cluster: `${side.version}/${side.clusterName}`, host: side.host },
    },
    { cause: new Error(stderr.trim()), remedy: { key: 'postgres.noCluster.remedy' } },
  )
}
export const dataDirectoryOf = async (side: ClusterSide, io: ReadIo): Promise<string> =>
  side.dataDirectory ?? (await readConfigured(side, 'data_directory', io))

export async function controlOf(side: ClusterSide, io: ReadIo): Promise<ControlData> {
  const { stdout } = await io.read(side.host, controlData(side, await dataDirectoryOf(side, io)), {
    asUser: 'postgres',
  })
  return parseControlData(stdout)
}

export async function pathExists(side: ClusterSide, path: string, io: ReadIo): Promise<boolean> {
  const { exitCode } = await io.read(side.host, exists(path), { allowFailure: true, asUser: 'postgres' })
  return exitCode === 0
}

/** What pg_ctlcluster answers when there is nothing to stop. */
const notRunning = 2

/** Stops the cluster if it runs: `fast` checkpoints first; what cannot be stopped so is only ended for good when asked. */
export async function stop(
  side: ClusterSide,
  io: ChangeIo,
  { orImmediate = false, seconds = stopSeconds }: { orImmediate?: boolean; seconds?: number } = {},
): Promise<void> {
  const options = { allowFailure: true, timeoutSeconds: seconds }
  let failure: unknown
  try {
    const { exitCode, stdout, stderr } = await io.change(side.host, stopCluster(side, 'fast'), options)
    if (exitCode === 0 || exitCode === notRunning) return
    failure = new Error(`${stdout}${stderr}`.trim())
  } catch (error) {
    if (io.signal.aborted || !orImmediate) throw error
    failure = error
  }
  if (orImmediate) await io.change(side.host, stopCluster(side, 'immediate'), options)
  if (!(await isRunning(side, io))) return
  throw new Failure(
    { key: 'postgres.cannotStop', values: { host: side.host } },
    { cause: failure, remedy: { key: 'postgres.cannotStop.remedy', values: clusterValues(side) } },
  )
}

/**
 * Starts the cluster if it does not run, and waits until it lets us in. pg_ctlcluster goes on looking for a second or two
 * after that: it is not waited for, for users may be waiting.
 */
export async function start(side: ClusterSide, io: ChangeIo): Promise<ClusterState> {
  const before = await stateOf(side, io)
  if (before === 'primary' || before === 'standby') return before
  let refused: Error | undefined
  if (before === 'stopped') {
    const options = { allowFailure: true, timeoutSeconds: startSeconds }
    io.change(side.host, startCluster(side), options).then(
      ({ exitCode, stdout, stderr }) => {
        if (exitCode !== 0) refused = new Error(`${stdout}${stderr}`.trim())
      },
      error => {
        refused = error
      },
    )
  }
  const look = async () => {
    const recovery = await inRecovery(side, io)
    if (recovery !== undefined) return { done: recovery ? ('standby' as const) : ('primary' as const) }
    if (refused !== undefined) throw cannotStart(side, refused)
    return { waiting: undefined }
  }
  return await until(io, look, {
    seconds: startSeconds,
    longestPauseSeconds: 0.25,
    otherwise: () => cannotStart(side, refused),
  })
}

const cannotStart = (side: ClusterSide, refused: Error | undefined): Failure =>
  new Failure(
    { key: 'postgres.cannotStart', values: { host: side.host, detail: lastWords(refused?.message ?? '') } },
    { cause: refused, remedy: { key: 'postgres.cannotStart.remedy', values: clusterValues(side) } },
  )

/** A program ends with why it failed: pg_ctlcluster with what the server logged last. */
export const lastWords = (printed: string): string =>
  printed.trim().split('\n').slice(-3).join(' ').slice(-400)

const clusterValues = (side: ClusterSide) => ({
  host: side.host,
  version: side.version,
  cluster: side.clusterName,
})

/** Everything the source has written and made durable. */
export const flushedPosition = (side: ClusterSide, io: ReadIo): Promise<Lsn> =>
  queryText(io, side.sql, 'select pg_current_wal_flush_lsn()::text')
/** What a standby has replayed: what its readers see. Empty before the first record. */
export const replayedPosition = (side: ClusterSide, io: ReadIo): Promise<Lsn> =>
  queryText(io, side.sql, 'select pg_last_wal_replay_lsn()::text')

/** The part of pg_controldata's output that says in which state a stopped cluster was left. */
export type ControlData = {
  /** `shut down`, `shut down in recovery`, `in production`, `in archive recovery`… */
  state: string
  systemIdentifier: string
  /** The newest it has any page of: a promotion broken off half-way leaves one that its checkpoint does not know. */
  timeline: number
  /** Where the latest checkpoint's record begins: after a clean stop, the last record of all. */
  checkpoint: Lsn
}

/** Output in the C locale. Throws Failure when a line is missing (another program's output, a broken file). */
export function parseControlData(output: string): ControlData {
  const field = (name: string): string => {
    const line = output.split('\n').find(candidate => candidate.startsWith(`${name}:`))
    if (line === undefined)
      throw new Failure({ key: 'postgres.controldata.missing', values: { field: name } })
    return line.slice(name.length + 1).trim()
  }
  return {
    state: field('Database cluster state'),
    systemIdentifier: field('Database system identifier'),
    timeline: Math.max(
      Number(field("Latest checkpoint's TimeLineID")),
      Number(field("Min recovery ending loc's timeline")),
    ),
    checkpoint: field('Latest checkpoint location'),
  }
}

/** A copy was begun, and is not whole: a server cannot run on it. */
export const isHalfCopied = async (side: ClusterSide, io: ReadIo): Promise<boolean> =>
  pathExists(side, copyingMark(await dataDirectoryOf(side, io)), io)

/** Of this very cluster, and no copy in the making. */
export async function isWholeCopy(copy: ClusterSide, origin: ClusterSide, io: ReadIo): Promise<boolean> {
  const dataDirectory = await dataDirectoryOf(copy, io)
  if (await isHalfCopied(copy, io)) return false
  if (!(await pathExists(copy, `${dataDirectory}/global/pg_control`, io))) return false
  const identifier = await queryText(
    io,
    origin.sql,
    'select system_identifier::text from pg_control_system()',
  )
  return (await controlOf(copy, io)).systemIdentifier === identifier
}
