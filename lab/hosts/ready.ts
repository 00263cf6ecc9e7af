import { settleAllThenThrow } from '../settle-all.ts'
import type { HostPlan } from '../topology.ts'
import { answers, untilReady } from './start.ts'

/** Ports that a host answers on as soon as it runs. */
const portsOf = (host: HostPlan): number[] => {
  if (host.role === 'gateway') return [80]
  if (host.role === 'files') return host.site === 'montpellier' ? [80] : []
  return ['dns', 'secondary', 'resolver', 'stubborn'].includes(host.role) ? [53] : []
}

/** Returns when nginx, Knot and unbound answer. */
export async function untilServersAnswer(hosts: HostPlan[]): Promise<void> {
  await settleAllThenThrow(
    hosts.flatMap(host =>
      portsOf(host).map(port => untilReady(`${host.name}:${port}`, 120, () => answers(host.address, port))),
    ),
  )
}
