import { Refusal } from '../../machines/refusal.ts'
import type { Config, ConfigChange, Json } from '../../machines/types.ts'
import type { Call } from '../http/call.ts'
import type { Method, Route } from '../http/route.ts'
import { machineOptions } from '../parameters/machine-options.ts'
import {
  boolean,
  machine,
  optional,
  type Properties,
  propertyOf,
  skiplock,
  snapname,
  storage,
  string,
} from '../parameters/property.ts'
import { refuseParameters } from '../parameters/verify.ts'
import { machinePermission, type Permissions } from '../permissions/check.ts'
import { configOf } from './create.ts'
import { assertRootOnly } from './guards.ts'
import { assertMayChange, assertMayUse, isDrive } from './machine-rights.ts'

const path = '/nodes/{node}/qemu/{vmid}/config'
const kinds = ['Disk', 'CDROM', 'CPU', 'Memory', 'Network', 'HWType', 'Options', 'Cloudinit']
const anyConfig: Permissions = {
  check: ['perm', '/vms/{vmid}', kinds.map(kind => `VM.Config.${kind}`), 'any', 1],
}

const change: Properties = {
  ...machine,
  ...machineOptions,
  delete: optional(string),
  digest: { type: 'string', maxLength: 40, optional: 1 },
  force: { type: 'boolean', optional: 1, requires: 'delete' },
  revert: optional(string),
  skiplock,
}

export const configRoutes: Route[] = [
  {
    method: 'GET',
    path,
    permissions: machinePermission('VM.Audit'),
    parameters: { ...machine, current: optional(boolean), snapshot: optional(snapname) },
    handle: async call => {
      const { config, digest } = await call.hypervisor.machines.readConfig(call.vmid)
      if (call.maybe('snapshot') !== undefined) await assertSnapshot(call, call.text('snapshot'))
      return { ...typed(config), digest }
    },
  },
  changeRoute('PUT', change, async (call, asked) => {
    await call.hypervisor.machines.changeConfig(call.vmid, asked)
    return undefined
  }),
  changeRoute(
    'POST',
    {
      ...change,
      'import-working-storage': optional(storage),
      background_delay: { type: 'integer', minimum: 1, maximum: 30, optional: 1 },
    },
    async (call, asked) =>
      call.task('qmconfig', call.vmid, log => call.hypervisor.machines.changeConfig(call.vmid, asked, log)),
  ),
]

function changeRoute(
  method: Method,
  parameters: Properties,
  apply: (call: Call, asked: ConfigChange) => Promise<Json | undefined>,
): Route {
  const handle = async (call: Call) => {
    assertRootOnly(call, 'skiplock')
    const set = configOf(call)
    const remove = call.list('delete')
    assertSomething(call, set, remove)
    assertMayChange(call, [...remove, ...Object.keys(set)])
    if ([...remove, ...Object.keys(set)].some(isDrive))
      call.assertHolds(`/vms/${call.vmid}`, ['VM.Config.Disk', 'VM.Config.CDROM'], 'any')
    assertMayUse(call, set)
    const digest = call.maybe('digest')
    return apply(call, { set, remove, ...(digest === undefined ? {} : { digest }) })
  }
  return { method, path, permissions: anyConfig, parameters, handle }
}

function assertSomething(call: Call, set: Config, remove: string[]): void {
  if (remove.length === 0 && Object.keys(set).length === 0 && call.maybe('revert') === undefined)
    throw new Refusal('no options specified')
  for (const option of remove) {
    if (set[option] !== undefined)
      refuseParameters({ delete: `you can't use '-${option}' and -delete ${option}' at the same time` })
    if (!propertyOf(machineOptions, option)) refuseParameters({ delete: `unknown option '${option}'` })
  }
}

async function assertSnapshot(call: Call, name: string): Promise<void> {
  const snapshots = await call.hypervisor.machines.listSnapshots(call.vmid)
  if (!snapshots.some(one => one.name === name)) throw new Refusal(`snapshot '${name}' does not exist`)
}

/** In a file all is text; PVE gives whole numbers and flags as numbers. */
const typed = (config: Config): Record<string, Json> =>
  Object.fromEntries(
    Object.entries(config).map(([name, value]) => {
      const type = propertyOf(machineOptions, name)?.type
      return [name, type === 'integer' || type === 'boolean' ? Number(value) : value]
    }),
  )
