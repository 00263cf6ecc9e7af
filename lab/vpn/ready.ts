import { execIn } from '../enter.ts'
import { untilReady } from '../hosts/start.ts'
import { settleAllThenThrow } from '../settle-all.ts'
import type { Lab } from '../types.ts'
import { trainers, vpnInterface } from './map.ts'

const handshakeSeconds = 30

/** Returns when every trainer's tunnel stands. */
export async function untilTunnelsStand(lab: Lab): Promise<void> {
  const there = trainers.map(({ role }) => `internet-${role}`).filter(host => lab.hosts[host])
  await settleAllThenThrow(
    there.map(host =>
      untilReady(`the tunnel of ${host}`, handshakeSeconds, async () => (await lastHandshake(lab, host)) > 0),
    ),
  )
}

/** In seconds since 1970; 0 when there was none, or no tunnel. */
async function lastHandshake(lab: Lab, host: string): Promise<number> {
  const { stdout } = await execIn(lab, host, ['wg', 'show', vpnInterface, 'latest-handshakes'], {
    allowFailure: true,
  })
  return Number(stdout.split('\t')[1] ?? 0)
}
