import { setTimeout as sleep } from 'node:timers/promises'
import type { MachineSites } from './machine-sites.ts'

export type SeenFromTheLan = {
  /** Ports that the isolated bridge had while it was looked at. */
  ports: string[]
  /** How often the LAN was asked who has the copy's address, and how often somebody said so. */
  asked: number
  answered: number
}

/**
 * While `work` goes on, asks in the target site's LAN for an address without pause, and notes what hangs on a bridge of its
 * hypervisor. ARP, because nothing but a cable lets it through: no route and no firewall has a say in it.
 */
export async function seenFromTheLan<T>(
  sites: MachineSites,
  { address, bridge }: { address: string; bridge: string },
  work: Promise<T>,
): Promise<SeenFromTheLan> {
  const ports = new Set<string>()
  const seen = { asked: 0, answered: 0 }
  let goesOn = true
  const end = () => {
    goesOn = false
  }
  work.then(end, end)
  while (goesOn) {
    const [isThere, now] = await Promise.all([hears(sites, address), portsOf(sites, bridge)])
    seen.asked += 1
    if (isThere) seen.answered += 1
    for (const port of now) ports.add(port)
    await sleep(100)
  }
  return { ...seen, ports: [...ports] }
}

/** Whether a machine of the target's LAN has this address. */
export async function hears(sites: MachineSites, address: string): Promise<boolean> {
  const said = await sites.at('toulouse-gateway', `busybox arping -c 1 -w 1 -I lan ${address} || true`)
  return /Received 1 response/.test(said)
}

async function portsOf(sites: MachineSites, bridge: string): Promise<string[]> {
  const said = await sites.at('toulouse-hypervisor', `ip -json link show master ${bridge}`)
  return (JSON.parse(said || '[]') as { ifname?: string }[]).flatMap(({ ifname }) => ifname ?? [])
}
