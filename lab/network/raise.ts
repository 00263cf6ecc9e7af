import { run } from '../shell.ts'
import { together } from '../together.ts'
import { type HostPlan, internetNamespace } from '../topology.ts'
import { type Batch, bridges, cables, endpoints, shape } from './commands.ts'

/** Makes the namespaces, the wires between them and the shaped link. Nothing runs in them yet. */
export async function raiseNetwork(index: number, hosts: HostPlan[], linkMbps: number): Promise<void> {
  await runBatch(cables(index, hosts))
  await together([...bridges(index, hosts), ...endpoints(hosts)].map(runBatch))
  await setLinkRate(hosts, linkMbps, 'add')
  await together(
    gateways(hosts).map(({ namespace }) =>
      run(['ip', 'netns', 'exec', namespace, 'tee', '/proc/sys/net/ipv4/ip_forward'], { input: '1' }),
    ),
  )
}

export const gateways = (hosts: HostPlan[]): HostPlan[] => hosts.filter(host => host.role === 'gateway')

/** `add` when the link is new, `replace` to change the rate of a lab that is up. */
export async function setLinkRate(
  hosts: HostPlan[],
  megabitsPerSecond: number,
  change: 'add' | 'replace',
): Promise<void> {
  await together(gateways(hosts).map(({ namespace }) => run(shape(namespace, megabitsPerSecond, change))))
}

export const namespacesOf = (index: number, hosts: HostPlan[]): string[] => [
  internetNamespace(index),
  ...hosts.map(host => host.namespace),
]

async function runBatch({ namespace, lines }: Batch): Promise<void> {
  const within = namespace ? ['-n', namespace] : []
  await run(['ip', ...within, '-batch', '-'], { input: `${lines.join('\n')}\n` })
}
