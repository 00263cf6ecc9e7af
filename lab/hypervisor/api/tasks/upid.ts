import { join } from 'node:path'

/** A task's name for life. Hexadecimal fields have at least eight digits; a colon ends it. */
export type TaskIdentity = {
  node: string
  /** PVE's is a process; here tasks share one process, and each takes the next number. */
  pid: number
  /** Ticks of the kernel at which the process began. */
  pstart: number
  /** Seconds since 1970. */
  starttime: number
  type: string
  id: string
  user: string
}

const hex = (value: number) => value.toString(16).toUpperCase().padStart(8, '0')

export const encodeUpid = (task: TaskIdentity): string =>
  `UPID:${task.node}:${hex(task.pid)}:${hex(task.pstart)}:${hex(task.starttime)}:${task.type}:${task.id}:${task.user}:`

const form =
  /^UPID:([a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?):([0-9A-Fa-f]{8}):([0-9A-Fa-f]{8,9}):([0-9A-Fa-f]{8}):([^:\s/]+):([^:\s/]*):([^:\s/]+):$/

export function decodeUpid(upid: string): TaskIdentity | undefined {
  const parts = form.exec(upid)
  if (!parts) return undefined
  const [, node = '', pid = '', pstart = '', starttime = '', type = '', id = '', user = ''] = parts
  return {
    node,
    pid: Number.parseInt(pid, 16),
    pstart: Number.parseInt(pstart, 16),
    starttime: Number.parseInt(starttime, 16),
    type,
    id,
    user,
  }
}

/** Logs lie in sixteen directories, by the last digit of their start. */
export function logFileOf(directory: string, upid: string): string {
  const digit = upid.split(':')[4]?.at(-1)?.toUpperCase() ?? '0'
  return join(directory, digit, upid)
}
