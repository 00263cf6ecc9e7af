import { readFileSync } from 'node:fs'
import type { TaskLog } from '../../machines/types.ts'
import type { TaskStore } from './store.ts'
import { encodeUpid } from './upid.ts'

export type Work = (log: TaskLog) => Promise<void>
/** What a fault does to a task: throws before its work, or warns after it. */
export type Disturb = (type: string, id: string, log: TaskLog) => { afterwards(): void }

export type Tasks = {
  store: TaskStore
  /** Begins the work and gives its name at once. */
  start(type: string, id: string, user: string, work: Work): string
  isRunning(upid: string): boolean
  running(): string[]
  /** Asks it to stop; it ends as an error. */
  stop(upid: string): void
  /** Resolves when it has ended, however that was. */
  ended(upid: string): Promise<void>
  /** Resolves when all that runs now has ended. */
  settled(): Promise<void>
}

const nowSeconds = () => Math.floor(Date.now() / 1000)
/** PVE's word for a worker that was told to end. */
const interrupt = 'received interrupt'
const undisturbed: Disturb = () => ({ afterwards: () => undefined })

export function openTasks(store: TaskStore, node: string, disturb: Disturb = undisturbed): Tasks {
  const running = new Map<string, { abort: AbortController; ended: Promise<void> }>()
  const pstart = startTicks()
  let number = process.pid

  const start: Tasks['start'] = (type, id, user, work) => {
    number += 1
    const upid = encodeUpid({ node, pid: number, pstart, starttime: nowSeconds(), type, id, user })
    const abort = new AbortController()
    store.begin(upid)
    const ended = run(upid, abort, log => disturbed(disturb, type, id, log, work)).finally(() =>
      running.delete(upid),
    )
    running.set(upid, { abort, ended })
    return upid
  }

  async function run(upid: string, abort: AbortController, work: Work): Promise<void> {
    let warnings = 0
    const log: TaskLog = {
      line: text => store.write(upid, text),
      warn: text => {
        warnings += 1
        store.write(upid, `WARN: ${text}`)
      },
      signal: abort.signal,
    }
    let status: string
    try {
      await Promise.resolve() // the caller has the name before the work begins
      if (abort.signal.aborted) throw new Error(interrupt)
      await Promise.race([work(log), interrupted(abort.signal)])
      status = warnings > 0 ? `WARNINGS: ${warnings}` : 'OK'
      store.write(upid, `TASK ${status}`)
    } catch (error) {
      status = (error instanceof Error ? error.message : String(error)).trim().replaceAll('\n', ' ')
      store.write(upid, `TASK ERROR: ${status}`)
    }
    store.end(upid, nowSeconds(), status)
  }

  return {
    store,
    start,
    isRunning: upid => running.has(upid),
    running: () => [...running.keys()].reverse(),
    ended: async upid => running.get(upid)?.ended,
    stop: upid => running.get(upid)?.abort.abort(),
    settled: async () => {
      await Promise.all([...running.values()].map(({ ended }) => ended))
    },
  }
}

async function disturbed(
  disturb: Disturb,
  type: string,
  id: string,
  log: TaskLog,
  work: Work,
): Promise<void> {
  const { afterwards } = disturb(type, id, log)
  await work(log)
  afterwards()
}

/** Work that does not look at its signal is left behind: PVE kills its worker at this point. */
const interrupted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => setTimeout(() => reject(new Error(interrupt)), 2000).unref(), {
      once: true,
    })
  })

/** Field 22 of /proc/self/stat. */
function startTicks(): number {
  const afterName = readFileSync('/proc/self/stat', 'utf8').split(') ').at(-1)?.split(' ') ?? []
  return Number(afterName[19] ?? 0)
}
