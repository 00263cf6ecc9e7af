import type { Call } from '../http/call.ts'
import type { Route } from '../http/route.ts'
import { boolean, count, integer, node, optional, string, vmid } from '../parameters/property.ts'
import { refuseParameters } from '../parameters/verify.ts'
import { everybody } from '../permissions/check.ts'
import { decodeUpid, type TaskIdentity } from '../tasks/upid.ts'
import { described, isOwn, listTasks } from './task-list.ts'

const task = '/nodes/{node}/tasks/{upid}'
const instant = optional(integer)

export const taskRoutes: Route[] = [
  {
    method: 'GET',
    path: '/nodes/{node}/tasks',
    permissions: everybody,
    parameters: {
      node,
      start: count,
      limit: count,
      userfilter: optional(string),
      typefilter: optional(string),
      vmid: optional(vmid),
      errors: optional(boolean),
      source: { type: 'string', enum: ['archive', 'active', 'all'], optional: 1 },
      since: instant,
      until: instant,
      statusfilter: optional(string),
    },
    handle: call => {
      const named = (name: string) => {
        const value = call.maybe(name)
        return value === undefined ? {} : { [name]: value }
      }
      const numbered = (name: string) => {
        const value = call.number(name)
        return value === undefined ? {} : { [name]: value }
      }
      const statuses = statusesOf(call)
      const source = call.maybe('source')
      const { tasks, total } = listTasks(call, {
        source: source === 'active' || source === 'all' ? source : 'archive',
        limit: call.number('limit') ?? 50,
        ...numbered('start'),
        ...numbered('vmid'),
        ...numbered('since'),
        ...numbered('until'),
        ...named('userfilter'),
        ...named('typefilter'),
        ...(statuses === undefined ? {} : { statuses }),
      })
      call.total = total
      return tasks
    },
  },
  {
    method: 'GET',
    path: task,
    permissions: everybody,
    parameters: { node, upid: string },
    handle: () => [{ name: 'log' }, { name: 'status' }],
  },
  {
    method: 'DELETE',
    path: task,
    permissions: everybody,
    parameters: { node, upid: string },
    handle: call => {
      const { upid } = existing(call, 'Sys.Modify')
      call.hypervisor.tasks.stop(upid)
      return undefined
    },
  },
  {
    method: 'GET',
    path: `${task}/status`,
    permissions: everybody,
    parameters: { node, upid: string },
    handle: call => {
      const { upid, identity } = existing(call, 'Sys.Audit')
      const { tasks } = call.hypervisor
      if (tasks.isRunning(upid)) return { ...described(identity), upid, status: 'running' }
      return { ...described(identity), upid, status: 'stopped', exitstatus: tasks.store.statusOf(upid) }
    },
  },
  {
    method: 'GET',
    path: `${task}/log`,
    permissions: everybody,
    parameters: { node, upid: string, start: count, limit: count, download: optional(boolean) },
    handle: call => {
      const { upid } = existing(call, 'Sys.Audit')
      const lines = call.hypervisor.tasks.store.lines(upid)
      const [start, limit] = [call.number('start') ?? 0, call.number('limit') ?? 50]
      call.total = Math.max(1, lines.length)
      if (lines.length === 0) return [{ n: 1, t: 'no content' }]
      // Limit 0 is all the rest.
      return lines
        .map((text, index) => ({ n: index + 1, t: text }))
        .slice(start, limit === 0 ? undefined : start + limit)
    },
  },
]

/** A task that the caller may look at. Throws 400 for one that is not there, 403 for another's. */
function existing(call: Call, privilege: string): { upid: string; identity: TaskIdentity } {
  const upid = call.text('upid')
  const identity = decodeUpid(upid)
  if (!identity) throw refuseParameters({ upid: 'unable to parse worker upid' })
  if (!call.hypervisor.tasks.store.exists(upid)) refuseParameters({ upid: 'no such task' })
  if (!isOwn(call, identity)) call.assertHolds(`/nodes/${call.hypervisor.node}`, [privilege])
  return { upid, identity }
}

function statusesOf(call: Call): string[] | undefined {
  if (call.flag('errors')) return ['warning', 'error', 'unknown']
  return call.maybe('statusfilter') === undefined
    ? undefined
    : call.list('statusfilter').map(one => one.toLowerCase())
}
