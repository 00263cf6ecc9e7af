import { z } from 'zod'
import type { ReadIo } from '../../../model/io.ts'
import type { SiteSide } from '../../../model/plan.ts'
import type { Vpn } from '../gateways.ts'
import { type Answer, fromPublic, pastTunnel, throughTunnel } from './ask.ts'

/** One thing tried as a trainer, or as one who is none, would: whether it went as it must, and what was seen. */
export const proof = z.object({
  what: z.enum(['through', 'without', 'public']),
  passed: z.boolean(),
  seen: z.string(),
})
export type Proof = z.infer<typeof proof>

/** The front door answers even while what is behind it is down: its page, or 502 for a service that is not there yet. */
export const anyDoor: readonly number[] = [200, 502, 503]
export const openDoor: readonly number[] = [200]

/** Through the tunnel to this site the door answers with one of these statuses; past it nobody gets in. */
export async function testTunnel(
  vpn: Vpn,
  side: SiteSide,
  statuses: readonly number[],
  io: ReadIo,
): Promise<Proof[]> {
  const [through, without, open] = await Promise.all([
    throughTunnel(vpn, side, io),
    pastTunnel(vpn, side, io),
    fromPublic(vpn, side, io),
  ])
  const { says } = vpn.spec.test[side]
  return [
    { what: 'through', passed: isExpected(through, statuses, says), seen: inWords(through) },
    { what: 'without', passed: !letsIn(without), seen: inWords(without) },
    { what: 'public', passed: !letsIn(open), seen: inWords(open) },
  ]
}

/** A door that says no site passes only where none is asked for, or where what is behind it did not answer. */
const isExpected = ({ status, site }: Answer, statuses: readonly number[], says: string | undefined) =>
  status !== undefined &&
  statuses.includes(status) &&
  (says === undefined || site === says || (site === undefined && status === 502))

/** An answer that it is not here, or not for you, lets nobody in; one that asks who you are comes from the inside. */
const letsIn = ({ status }: Answer) =>
  status !== undefined && (status < 400 || status === 401 || status >= 500)

/** "200 (toulouse)", "404", or why nothing answered. */
export const inWords = ({ status, site, silence }: Answer): string =>
  status === undefined ? (silence ?? '') : `${status}${site === undefined ? '' : ` (${site})`}`

export const failedOf = (proofs: Proof[]): Proof[] => proofs.filter(({ passed }) => !passed)
export const shown = (proofs: Proof[]): string =>
  proofs.map(({ what, seen }) => `${what}: ${seen}`).join('; ')
