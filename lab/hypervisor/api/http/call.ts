import type { Faults } from '../../faults/faults.ts'
import type { Endpoint, Machines, TaskLog } from '../../machines/types.ts'
import { splitList } from '../parameters/formats.ts'
import type { Given } from '../parameters/verify.ts'
import { type Holds, require } from '../permissions/check.ts'
import type { Users } from '../permissions/users.ts'
import type { NetworkInterface } from '../routes/interfaces.ts'
import type { Tasks } from '../tasks/tasks.ts'

/** The node that answers. */
export type Hypervisor = {
  node: string
  /** Below it lie /etc/pve and /var/log/pve: `/` but in tests. */
  root: string
  machines: Machines
  tasks: Tasks
  /** Who there is at this moment: a change of rights counts at once. */
  users(): Users
  faults: Faults
  interfaces(): Promise<NetworkInterface[]>
  /** The name of the node at the other end of a migration. */
  remoteNode(endpoint: Endpoint): Promise<string>
  certificateFingerprint: string
}

/** One request, once it may be made and its parameters are as declared. */
export type Call = {
  hypervisor: Hypervisor
  /** `user@realm!token`. */
  user: string
  users: Users
  /** All parameters as they came, those of the path included. */
  given: Given
  holds: Holds
  /** Throws 403 unless all (or any) of the privileges are held on the path. */
  assertHolds(path: string, privileges: readonly string[], any?: 'any'): void
  text(name: string): string
  maybe(name: string): string | undefined
  number(name: string): number | undefined
  flag(name: string): boolean
  list(name: string): string[]
  vmid: number
  /** Begins a task as the caller; gives its UPID. */
  task(type: string, id: string | number, work: (log: TaskLog) => Promise<unknown>): string
  /** Goes into the answer beside `data`: how many there are where only some are given. */
  total?: number
}

export function callOf(
  hypervisor: Hypervisor,
  caller: { user: string; users: Users; holds: Holds },
  given: Given,
): Call {
  const maybe = (name: string): string | undefined => {
    const value = given[name]
    return typeof value === 'string' ? value : value?.join(',')
  }
  const number = (name: string): number | undefined => {
    const value = maybe(name)
    return value === undefined ? undefined : Number(value)
  }
  return {
    hypervisor,
    ...caller,
    given,
    assertHolds: (path, privileges, any) => require(caller.holds, path, privileges, any === 'any'),
    text: name => maybe(name) ?? '',
    maybe,
    number,
    flag: name => maybe(name) === '1',
    list: name => {
      const value = given[name]
      return typeof value === 'string' ? splitList(value) : (value ?? [])
    },
    vmid: number('vmid') ?? 0,
    task: (type, id, work) =>
      hypervisor.tasks.start(type, String(id), caller.user, async log => {
        await work(log)
      }),
  }
}
