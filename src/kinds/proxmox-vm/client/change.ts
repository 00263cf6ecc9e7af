import { Failure } from '../../../model/failure.ts'
import type { ChangeIo, Progress } from '../../../model/io.ts'
import { errorsWait, type Look, until } from '../../kit/until.ts'
import type { Config, TaskEnd, TaskStatus } from './answers.ts'
import { ask, type Method, type PveAt } from './ask.ts'
import { keepTask } from './kept-tasks.ts'
import { type Params, path } from './params.ts'
import { type ReadPve, readPve } from './read.ts'
import { isUnreachable } from './refusal.ts'

/** `archive` restores it, else a new machine is made of the settings. Sizes and rates as PVE has them (KiB/s). */
type Restore = {
  archive: string
  storage?: string
  unique?: boolean
  force?: boolean
  start?: boolean
  bwlimit?: number
  /** Options of the machine, instead of the archive's own; no drives. */
  settings?: Config
}
type Dump = {
  storage: string
  mode: 'snapshot' | 'suspend' | 'stop'
  compress: '0' | 'gzip' | 'lzo' | 'zstd'
  bwlimit?: number
  'notes-template'?: string
  protected?: boolean
  remove?: boolean
}
export type RemoteMigration = {
  endpoint: { host: string; port: number; token: string; secret: string; fingerprint: string }
  targetVmid: number
  /** Source to target, or one name for all: `local:local`, `local`. */
  storages: string
  bridges: string
  online: boolean
  /** Removes the machine at the source when all went well. */
  delete: boolean
  bwlimit?: number
}

/**
 * Every call that changes something, for one machine at one site. What PVE does as a task is followed to its end, its
 * log told as it comes. Each throws Failure (see `ask` and `follow`).
 */
export function changePve(at: PveAt, io: ChangeIo) {
  const call = (method: Method, where: string, params: Params = {}) => ask(at, io, method, where, params)
  const task = async (method: Method, where: string, params: Params = {}): Promise<TaskEnd> =>
    follow(at, io, String(await call(method, where, params)))
  const node = (...parts: (string | number)[]): string => path('nodes', at.node, ...parts)
  const machine = (...parts: string[]): string => node('qemu', at.vmid, ...parts)

  return {
    /** A task that was begun before, by this program or an earlier one. */
    follow: (upid: string): Promise<TaskEnd> => follow(at, io, upid),
    stopTask: async (upid: string): Promise<void> => void (await call('DELETE', node('tasks', upid))),

    /** `digest` refuses the change when somebody else changed the settings since they were read. */
    configure: async (set: Params, options: { remove?: string[]; digest?: string } = {}): Promise<void> => {
      const { remove, digest } = options
      await call('PUT', machine('config'), { ...set, delete: remove?.join(',') || undefined, digest })
    },
    create: (config: Config): Promise<TaskEnd> => task('POST', node('qemu'), { ...config, vmid: at.vmid }),
    restore: ({ settings, ...restore }: Restore): Promise<TaskEnd> =>
      task('POST', node('qemu'), { ...settings, ...restore, vmid: at.vmid }),
    /** `purge` also from backup jobs, replication and HA. */
    destroy: (options: { purge?: boolean; destroyUnreferenced?: boolean } = {}): Promise<TaskEnd> =>
      task('DELETE', machine(), {
        purge: options.purge,
        'destroy-unreferenced-disks': options.destroyUnreferenced,
      }),

    start: (options: { timeoutSeconds?: number } = {}): Promise<TaskEnd> =>
      task('POST', machine('status', 'start'), { timeout: options.timeoutSeconds }),
    /** By the agent where it is enabled, else ACPI; `forceStop` switches it off when the time is over. */
    shutdown: (options: { timeoutSeconds: number; forceStop?: boolean }): Promise<TaskEnd> =>
      task('POST', machine('status', 'shutdown'), {
        timeout: Math.ceil(options.timeoutSeconds),
        forceStop: options.forceStop,
      }),
    /** Pulls the plug. */
    stop: (): Promise<TaskEnd> => task('POST', machine('status', 'stop')),

    dump: (dump: Dump): Promise<TaskEnd> => task('POST', node('vzdump'), { ...dump, vmid: at.vmid }),
    remoteMigrate: (migration: RemoteMigration): Promise<TaskEnd> =>
      task('POST', machine('remote_migrate'), {
        'target-vmid': migration.targetVmid,
        'target-endpoint': endpointText(migration.endpoint),
        'target-storage': migration.storages,
        'target-bridge': migration.bridges,
        online: migration.online,
        delete: migration.delete,
        bwlimit: migration.bwlimit,
      }),
    /** A disk's image, an archive, an ISO. PVE answers with a task when it takes long, else with nothing. */
    deleteVolume: async (volid: string): Promise<void> => {
      const storage = volid.slice(0, volid.indexOf(':'))
      const upid = await call('DELETE', node('storage', storage, 'content', volid))
      if (typeof upid === 'string' && upid.startsWith('UPID:')) await follow(at, io, upid)
    },

    /** Through the agent; at most 45 kB, which PVE sends as base64. Owner and mode stay those of the file. */
    writeGuestFile: async (file: string, content: string): Promise<void> => {
      const encoded = Buffer.from(content, 'utf8').toString('base64')
      await call('POST', machine('agent', 'file-write'), { file, content: encoded, encode: false })
    },
  }
}
export type ChangePve = ReturnType<typeof changePve>

/** PVE takes the whole value of the Authorization header as `apitoken`. It travels in the request's body alone. */
const endpointText = ({ host, port, token, secret, fingerprint }: RemoteMigration['endpoint']): string =>
  `host=${host},port=${port},apitoken=PVEAPIToken=${token}=${secret},fingerprint=${fingerprint}`

const keptLines = 10
const linesAtOnce = 500
const pace = { firstPauseSeconds: 0.2, longestPauseSeconds: 2 }
/** An API that is restarted, or a link that is cut, for this long does not lose a task that goes on without it. */
const patienceSeconds = 60
const stopSeconds = 15

/**
 * Comes back when the task has ended, telling its log line by line; stops it when the attempt is aborted. Throws Failure
 * when it ended badly, or when PVE cannot be asked for longer than a minute.
 */
async function follow(at: PveAt, io: ChangeIo, upid: string): Promise<TaskEnd> {
  const pve = readPve(at, io)
  const log: string[] = []
  const look = async (): Promise<Look<TaskEnd, undefined>> => {
    const status = await pve.taskStatus(upid)
    await readLog(pve, io, upid, log)
    if (status.status !== 'stopped') return { waiting: undefined }
    return { done: keepTask(status.type, ended(at, upid, status, log)) }
  }
  try {
    return await until(io, errorsWait(io, look, { isPassing: isUnreachable, seconds: patienceSeconds }), pace)
  } catch (error) {
    if (io.signal.aborted) await stop(at, io, upid)
    throw error
  }
}

/** Appends what is new. */
async function readLog(pve: ReadPve, io: ChangeIo, upid: string, log: string[]): Promise<void> {
  for (;;) {
    const lines = await pve.taskLog(upid, log.length, linesAtOnce)
    // Past the end PVE answers with one line of its own that has no place in the log.
    const news = lines.filter(({ n, t }) => n > log.length && t !== 'no content')
    for (const { t } of news) {
      log.push(t)
      io.report(progressOf(t))
    }
    if (news.length < linesAtOnce) return
  }
}

function ended(at: PveAt, upid: string, status: TaskStatus, log: string[]): TaskEnd {
  const exitStatus = status.exitstatus ?? 'unknown'
  const lastLines = log.slice(-keptLines)
  const warnings = log.filter(line => /^\s*(WARN(ING)?S?:|.*\bwarning:)/i.test(line)).slice(0, keptLines)
  if (exitStatus === 'OK' || /^WARNINGS: \d+$/.test(exitStatus))
    return { upid, exitStatus, warnings, lastLines }
  const values = {
    site: at.siteTitle,
    type: status.type,
    id: status.id,
    exitStatus,
    log: lastLines.join('\n'),
  }
  throw new Failure(
    { key: 'proxmox-vm.task.failed', values },
    {
      remedy: { key: 'proxmox-vm.task.failed.remedy', values: { ssh: at.host.ssh, upid } },
      cause: new TaskError(exitStatus, upid),
    },
  )
}

/** A task ended with an error: the message is PVE's. */
class TaskError extends Error {
  readonly upid: string
  constructor(exitStatus: string, upid: string) {
    super(exitStatus)
    this.name = 'TaskError'
    this.upid = upid
  }
}

export const taskErrorOf = (error: unknown): TaskError | undefined =>
  error instanceof Failure && error.cause instanceof TaskError ? error.cause : undefined

/** Best effort: the attempt is over, and what it must say is why. */
async function stop(at: PveAt, io: ChangeIo, upid: string): Promise<void> {
  const options = { evenAborted: true, timeoutSeconds: stopSeconds }
  await ask(at, io, 'DELETE', path('nodes', at.node, 'tasks', upid), {}, options).catch(() => undefined)
}

const units: Record<string, number> = {
  B: 1,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
  TiB: 1024 ** 4,
}
const amount = String.raw`([\d.]+) ?([KMGT]?i?B)`
/** `INFO:  12% (1.2 GiB of 10.0 GiB) in 3s`, `transferred 1.0 GiB of 8.0 GiB (12.50%) in 4s`, `progress 3% (read …`. */
const ofAll = new RegExp(`${amount} of ${amount}`)

/** A line of a task's log as it is shown; with bytes where the line tells some. */
export function progressOf(line: string): Progress {
  const [, done, doneUnit, total, totalUnit] = ofAll.exec(line) ?? []
  const bytesDone = bytesOf(done, doneUnit)
  const bytesTotal = bytesOf(total, totalUnit)
  if (bytesDone === undefined || bytesTotal === undefined) return { note: line }
  return { bytesDone, bytesTotal, note: line }
}

function bytesOf(figure?: string, unit?: string): number | undefined {
  const factor = units[unit ?? '']
  return figure === undefined || factor === undefined ? undefined : Math.round(Number(figure) * factor)
}
