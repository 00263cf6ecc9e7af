import { readFileSync } from 'node:fs'

/** `<pid> <ticks since boot at which it started>`: a pid may be given to another process later. */
export const ownIdentity = (): string => identityOf(process.pid) ?? ''
export const isAlive = (identity: string): boolean =>
  identity !== '' && identityOf(Number(identity.split(' ')[0])) === identity

function identityOf(pid: number): string | undefined {
  const stat = statOf(pid)
  return stat === undefined || stat[0] === 'Z' ? undefined : `${pid} ${stat[19]}`
}

/** From the state on; nothing when the process is gone. */
function statOf(pid: number): string[] | undefined {
  try {
    // The name before, in brackets, may hold anything.
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')
  } catch {
    return undefined
  }
}

/** Seconds since the process started; undefined when it is gone. */
export function uptimeOf(pid: number): number | undefined {
  const ticks = statOf(pid)?.[19]
  if (ticks === undefined) return undefined
  const sinceBoot = Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0])
  return Math.max(0, Math.floor(sinceBoot - Number(ticks) / 100))
}

/**
 * `mark` stands in its command line. One that is just ending still is a process: it has no command line any more, and its
 * files are open and locked until its last thread is gone.
 */
export function isProcess(pid: number, mark: string): boolean {
  const stat = statOf(pid)
  if (stat === undefined || hasEnded(stat)) return false
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
    return words.includes(mark) || isEnding(stat)
  } catch {
    return false
  }
}

/** proc(5): the fields from the third on. A zombie whose threads run on has not ended; else only its parent has not looked yet. */
const hasEnded = ([state, ...rest]: string[]): boolean => state === 'Z' && Number(rest[16]) <= 1
/** PF_EXITING of the kernel's include/linux/sched.h. */
const isEnding = (stat: string[]): boolean => (Number(stat[6]) & 0x4) !== 0

/** Resident bytes, and bytes read and written. */
export function usageOf(pid: number): { residentBytes: number } {
  try {
    const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1])
    return { residentBytes: pages * 4096 }
  } catch {
    return { residentBytes: 0 }
  }
}
