import { Failure } from '../../../model/failure.ts'
import type { ChangeIo, Progress } from '../../../model/io.ts'
import { errorsWait, type Look, until } from '../../kit/until.ts'
import type { TaskEnd, TaskStatus } from './answers.ts'
import { ask, type PveAt } from './ask.ts'
import { keepTask } from './kept-tasks.ts'
import { path } from './params.ts'
import { type ReadPve, readPve } from './read.ts'
import { isUnreachable } from './refusal.ts'

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
export async function follow(at: PveAt, io: ChangeIo, upid: string): Promise<TaskEnd> {
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
export class TaskError extends Error {
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
