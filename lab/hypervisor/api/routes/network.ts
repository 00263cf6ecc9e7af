import type { Json } from '../../machines/types.ts'
import type { Route } from '../http/route.ts'
import { node } from '../parameters/property.ts'
import { everybody } from '../permissions/check.ts'

const kinds = [
  ...[
    'bridge',
    'bond',
    'eth',
    'alias',
    'vlan',
    'fabric',
    'OVSBridge',
    'OVSBond',
    'OVSPort',
    'OVSIntPort',
    'vnet',
  ],
  ...['any_bridge', 'any_local_bridge', 'include_sdn'],
]

export const networkRoutes: Route[] = [
  {
    method: 'GET',
    path: '/nodes/{node}/network',
    permissions: everybody,
    parameters: { node, type: { type: 'string', enum: kinds, optional: 1 } },
    handle: async call => {
      const type = call.maybe('type')
      const wanted = (kind: string) =>
        type === undefined ||
        type === 'include_sdn' ||
        type === kind ||
        (kind === 'bridge' && /^any_/.test(type))
      const visible = (iface: string) =>
        ['SDN.Audit', 'SDN.Use'].some(privilege => call.holds(`/sdn/zones/localnetwork/${iface}`, privilege))
      const interfaces = (await call.hypervisor.interfaces()).filter(one => wanted(one.type))
      // Who asks for bridges is shown those he may use; the plain list is everybody's.
      const mayFilter = type !== undefined && /bridge|include_sdn/.test(type)
      return interfaces.filter(one => !mayFilter || visible(one.iface)) satisfies Json[]
    },
  },
]
