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

/** A zombie has ended; only its parent has not looked yet. `mark` stands in its command line. */
export function isProcess(pid: number, mark: string): boolean {
  const stat = statOf(pid)
  if (stat === undefined || stat[0] === 'Z') return false
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(mark)
  } catch {
    return false
  }
}

/** Resident bytes, and bytes read and written. */
export function usageOf(pid: number): { residentBytes: number } {
  try {
    const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1])
    return { residentBytes: pages * 4096 }
  } catch {
    return { residentBytes: 0 }
  }
}
