import { z } from 'zod'
import type { ReadIo } from '../../model/io.ts'
import { askedOver } from './commands.ts'
import { passes } from './passes.ts'
import type { GatewaySide } from './sides.ts'
import { zoneOf } from './zones.ts'

/** How Bascule itself is connected to a gateway, as the gateway sees it. `port` is of `own`. */
export const adminConnection = z.object({
  client: z.string(),
  own: z.string(),
  port: z.number(),
  interface: z.string(),
})
export type AdminConnection = z.infer<typeof adminConnection>

/** Undefined when the gateway cannot tell: no ssh connection of its own leads to the command. */
export async function adminConnectionOf(
  { host }: GatewaySide,
  io: ReadIo,
): Promise<AdminConnection | undefined> {
  const asked = await io.read(host.ssh, askedOver(), { allowFailure: true })
  const [client, , own, port] = asked.stdout.trim().split(' ')
  if (client === undefined || own === undefined || port === undefined) return undefined
  // The way back leads by the interface that the way here came by, but for odd routing.
  const route = await io.read(host.ssh, ['ip', '-j', 'route', 'get', client], { allowFailure: true })
  return { client, own, port: Number(port), interface: deviceIn(route.stdout) }
}

function deviceIn(json: string): string {
  try {
    const [route] = JSON.parse(json) as { dev?: string }[]
    return route?.dev ?? ''
  } catch {
    return ''
  }
}

/** Whether the declaration lets Bascule in by the way it has now. A lock-out is found before anything is loaded. */
export function allowsAdminConnection({ spec, side }: GatewaySide, way: AdminConnection): boolean {
  // A connection from the gateway itself, as in a tunnel that ends there.
  if (way.interface === 'lo') return true
  const from = zoneOf(spec, side, way.client, way.interface === '' ? undefined : [way.interface])
  const here = { address: way.own, isGateway: true }
  return passes(spec, side, from, here, { protocol: 'tcp', port: way.port })
}
