import type { Call } from '../http/call.ts'
import { decodeUpid, type TaskIdentity } from '../tasks/upid.ts'

type Filter = {
  source: 'archive' | 'active' | 'all'
  start?: number
  limit: number
  userfilter?: string
  typefilter?: string
  vmid?: number
  since?: number
  until?: number
  /** `ok`, `warning`, `error`, `unknown`. */
  statuses?: string[]
}

/** `user` without its token, which comes beside it. */
export function described({ user, ...identity }: TaskIdentity) {
  const [owner = '', tokenid] = user.split('!')
  return { ...identity, user: owner, ...(tokenid === undefined ? {} : { tokenid }) }
}

/** A token sees its own tasks, a user those of its tokens too. */
export const isOwn = (call: Call, task: TaskIdentity): boolean =>
  task.user === call.user || task.user.startsWith(`${call.user}!`)

/** Newest first, with how many there are in all. */
export function listTasks(call: Call, filter: Filter) {
  const { node, tasks } = call.hypervisor
  const audits = call.holds(`/nodes/${node}`, 'Sys.Audit')
  const active =
    filter.source === 'archive'
      ? []
      : tasks.running().map(upid => ({ upid, status: 'RUNNING', endtime: undefined }))
  const ended = filter.source === 'active' ? [] : tasks.store.ended()
  const found = [...active, ...ended].flatMap(({ upid, status, endtime }) => {
    const task = decodeUpid(upid)
    if (!task || !(audits || isOwn(call, task)) || !matches(task, status, filter)) return []
    return [{ ...described(task), upid, status, ...(endtime === undefined ? {} : { endtime }) }]
  })
  const start = filter.start ?? 0
  return { tasks: found.slice(start, start + filter.limit), total: found.length }
}

function matches(task: TaskIdentity, status: string, filter: Filter): boolean {
  const { userfilter, typefilter, vmid, since, until, statuses } = filter
  return (
    (userfilter === undefined || task.user.toLowerCase().includes(userfilter.toLowerCase())) &&
    (typefilter === undefined || task.type === typefilter) &&
    (vmid === undefined || task.id === String(vmid)) &&
    (since === undefined || task.starttime >= since) &&
    (until === undefined || task.starttime <= until) &&
    (statuses === undefined || statuses.includes(kindOf(status)))
  )
}

function kindOf(status: string): string {
  if (status === 'OK' || status === 'RUNNING') return 'ok'
  if (/^WARNINGS: \d+$/.test(status)) return 'warning'
  return status === 'unexpected status' ? 'unknown' : 'error'
}
