import type { Json } from '../../machines/types.ts'
import type { Call } from '../http/call.ts'
import type { Method, Route } from '../http/route.ts'
import {
  boolean,
  count,
  integer,
  machine,
  optional,
  type Properties,
  string,
} from '../parameters/property.ts'
import { everybody, type Permissions } from '../permissions/check.ts'

const path = '/nodes/{node}/qemu/{vmid}/agent'

/** With any of these, or with the right to everything in the guest. */
const guest = (...privileges: string[]): Permissions => ({
  check: ['perm', '/vms/{vmid}', [...privileges, 'VM.GuestAgent.Unrestricted'], 'any', 1],
})
const audit = guest('VM.GuestAgent.Audit')
const files = guest('VM.GuestAgent.FileSystemMgmt')
const unrestricted: Permissions = { check: ['perm', '/vms/{vmid}', ['VM.GuestAgent.Unrestricted']] }

/** Commands without arguments. */
const plain: Record<string, [Method, Permissions]> = {
  ping: ['POST', audit],
  info: ['GET', audit],
  'get-fsinfo': ['GET', audit],
  'get-host-name': ['GET', audit],
  'get-osinfo': ['GET', audit],
  'network-get-interfaces': ['GET', audit],
  'fsfreeze-status': ['POST', guest('VM.GuestAgent.Audit', 'VM.GuestAgent.FileSystemMgmt')],
  'fsfreeze-freeze': ['POST', files],
  'fsfreeze-thaw': ['POST', files],
  shutdown: ['POST', guest('VM.PowerMgmt')],
}

type WithArguments = {
  method: Method
  command: string
  permissions: Permissions
  parameters: Properties
  argumentsOf(call: Call): Record<string, Json>
}

const withArguments: WithArguments[] = [
  {
    method: 'POST',
    command: 'exec',
    permissions: unrestricted,
    parameters: { command: { type: 'array' }, 'input-data': optional({ type: 'string', maxLength: 65_536 }) },
    argumentsOf: call => {
      const { command, 'input-data': input } = call.given
      return {
        command: typeof command === 'string' ? [command] : (command ?? []),
        ...(input === undefined ? {} : { 'input-data': String(input) }),
      }
    },
  },
  {
    method: 'GET',
    command: 'exec-status',
    permissions: unrestricted,
    parameters: { pid: integer },
    argumentsOf: call => ({ pid: call.number('pid') ?? 0 }),
  },
  {
    method: 'GET',
    command: 'file-read',
    permissions: guest('VM.GuestAgent.FileRead'),
    parameters: {
      file: string,
      count: { type: 'integer', minimum: 1, maximum: 16_777_216, optional: 1 },
      decode: optional(boolean),
      offset: count,
    },
    argumentsOf: call => ({
      file: call.text('file'),
      ...(call.maybe('count') === undefined ? {} : { count: call.number('count') ?? 1 }),
      ...(call.maybe('offset') === undefined ? {} : { offset: call.number('offset') ?? 0 }),
      ...(call.maybe('decode') === undefined ? {} : { decode: call.flag('decode') }),
    }),
  },
  {
    method: 'POST',
    command: 'file-write',
    permissions: guest('VM.GuestAgent.FileWrite'),
    parameters: { file: string, content: { type: 'string', maxLength: 61_440 }, encode: optional(boolean) },
    argumentsOf: call => ({
      file: call.text('file'),
      content: call.text('content'),
      ...(call.maybe('encode') === undefined ? {} : { encode: call.flag('encode') }),
    }),
  },
]

const commands = [...Object.keys(plain), ...withArguments.map(({ command }) => command)]

export const agentRoutes: Route[] = [
  {
    method: 'GET',
    path,
    permissions: everybody,
    parameters: machine,
    handle: () => commands.sort().map(name => ({ name })),
  },
  ...Object.entries(plain).map(
    ([command, [method, permissions]]): Route => ({
      method,
      path: `${path}/${command}`,
      permissions,
      parameters: machine,
      handle: call => call.hypervisor.machines.agent(call.vmid, command),
    }),
  ),
  ...withArguments.map(
    ({ method, command, permissions, parameters, argumentsOf }): Route => ({
      method,
      path: `${path}/${command}`,
      permissions,
      parameters: { ...machine, ...parameters },
      handle: call => call.hypervisor.machines.agent(call.vmid, command, argumentsOf(call)),
    }),
  ),
]
