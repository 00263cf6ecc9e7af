import { settleAllThenThrow } from '../settle-all.ts'
import { run } from '../shell.ts'
import { type HostPlan, internetNamespace, isNetworked } from '../topology.ts'
import { type Batch, bridges, cables, endpoints, shape } from './commands.ts'
import { backupMbps, gatewayInterfaces, gatewaySettings, neighbourSettings, operatorsEnds } from './lines.ts'

/** Makes the namespaces, the wires between them and the shaped link. Nothing runs in them yet. */
export async function raiseNetwork(index: number, hosts: HostPlan[], linkMbps: number): Promise<void> {
  await runBatch(cables(index, hosts))
  await settleAllThenThrow([...bridges(index, hosts), ...endpoints(index, hosts)].map(runBatch))
  const gateways = hosts.filter(host => host.role === 'gateway').map(host => host.namespace)
  await setLinkRate(gateways, linkMbps, 'add')
  await settleAllThenThrow(
    gateways.map(namespace =>
      run(['ip', 'netns', 'exec', namespace, 'tee', '/proc/sys/net/ipv4/ip_forward'], { input: '1' }),
    ),
  )
  if (isNetworked(hosts)) await raiseSecondLine(index, hosts)
}

async function raiseSecondLine(index: number, hosts: HostPlan[]): Promise<void> {
  const internet = internetNamespace(index)
  const gateways = hosts.filter(host => host.role === 'gateway')
  await settleAllThenThrow([
    ...operatorsEnds.map(end => run(shape(internet, backupMbps, 'add', end))),
    ...gateways.map(({ namespace, site }) =>
      run([
        ...['ip', 'netns', 'exec', namespace, 'sysctl', '-q', '-w'],
        ...gatewaySettings(gatewayInterfaces(site)),
      ]),
    ),
    ...gateways.map(({ namespace }) =>
      // -e: a kernel without br_netfilter has no such settings.
      run(['ip', 'netns', 'exec', namespace, 'sysctl', '-q', '-e', '-w', ...neighbourSettings]),
    ),
  ])
}

/** `add` when the link is new, `replace` to change the rate of a lab that is up. Both ends hold back what they send. */
export async function setLinkRate(
  gatewayNamespaces: string[],
  megabitsPerSecond: number,
  change: 'add' | 'replace',
): Promise<void> {
  await settleAllThenThrow(
    gatewayNamespaces.map(namespace => run(shape(namespace, megabitsPerSecond, change))),
  )
}

export async function runBatch({ namespace, lines }: Batch): Promise<void> {
  const within = namespace ? ['-n', namespace] : []
  await run(['ip', ...within, '-batch', '-'], { input: `${lines.join('\n')}\n` })
}
