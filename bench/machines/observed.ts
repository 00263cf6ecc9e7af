import { setTimeout as sleep } from 'node:timers/promises'
import { type MachineSpec, machineSpec } from '../../src/kinds/proxmox-vm/spec.ts'
import type { SiteSide } from '../../src/model/plan.ts'
import type { MachineSites } from '../../test/helpers/machine-sites.ts'

const everyMilliseconds = 100
const patienceSeconds = 240

/** What users see of a move: how long the guest's program answers nowhere, and what crosses the link meanwhile. */
export type Observed = { cutSeconds: number; sentMegabytes: number }

/** The program of the guest, asked by its address at each site, all along while it is moved. */
export async function observe(sites: MachineSites, move: () => Promise<void>): Promise<Observed> {
  const before = await sentBytes(sites)
  const asking = new AbortController()
  const source = lastAnswer(addressAt(sites, 'source'), asking.signal)
  try {
    await move()
    const target = await firstAnswer(addressAt(sites, 'target'))
    asking.abort()
    const cutSeconds = (target - (await source)) / 1000
    return { cutSeconds, sentMegabytes: ((await sentBytes(sites)) - before) / 1e6 }
  } finally {
    asking.abort()
  }
}

/** When it answered at the target for the first time: asked while the move goes on, so that nothing is missed. */
export async function firstAnswer(address: string): Promise<number> {
  const end = performance.now() + patienceSeconds * 1000
  while (!(await answers(address))) {
    if (performance.now() > end) throw new Error(`${address} does not answer`)
    await sleep(everyMilliseconds)
  }
  return performance.now()
}

async function lastAnswer(address: string, signal: AbortSignal): Promise<number> {
  let last = performance.now()
  while (!signal.aborted) {
    if (await answers(address)) last = performance.now()
    await sleep(everyMilliseconds)
  }
  return last
}

/** Its own life, not its health: the database that it asks has not moved with it. */
const answers = (address: string): Promise<boolean> =>
  fetch(`http://${address}:8080/alive`, { signal: AbortSignal.timeout(2000) }).then(
    response => response.ok,
    () => false,
  )

export function addressAt(sites: MachineSites, side: SiteSide): string {
  const { network }: MachineSpec = machineSpec.parse(sites.component.spec)
  if (network === undefined || 'keep' in network) throw new Error('the plan gives the machine no addresses')
  return network[side].address.replace(/\/.*/, '')
}

/** Both ways: what is asked for weighs as well. */
async function sentBytes(sites: MachineSites): Promise<number> {
  const counters = '/sys/class/net/intersite/statistics'
  const read = await sites.at('montpellier-gateway', `cat ${counters}/tx_bytes ${counters}/rx_bytes`)
  return read
    .trim()
    .split('\n')
    .reduce((sum, line) => sum + Number(line), 0)
}
