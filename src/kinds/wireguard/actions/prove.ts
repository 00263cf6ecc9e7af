import { z } from 'zod'
import { Failure } from '../../../model/failure.ts'
import type { ChangeIo, ReadIo } from '../../../model/io.ts'
import type { SiteSide } from '../../../model/plan.ts'
import { endpointOf } from '../clients/notes.ts'
import { wireguard } from '../facts.ts'
import { gatewayAt, testerOf, type Vpn } from '../gateways.ts'
import { nothingToUndo, shown, timings } from '../step.ts'
import { type Answer, fromPublic, pastTunnel, throughTunnel, tunnelLeadsTo } from '../tester/ask.ts'
import { raiseTestTunnel } from './test-client.ts'

/** One thing tried as a trainer, or as one who is none, would: whether it went as it must, and what was seen. */
const proof = z.object({
  what: z.enum(['through', 'without', 'public']),
  passed: z.boolean(),
  seen: z.string(),
})
export type Proof = z.infer<typeof proof>

/** What a fresh tunnel to the target has shown. `dialled`: the name or address that it was given. */
const proven = z.object({
  dialled: z.string(),
  leadsTo: z.string(),
  implementation: z.string(),
  proofs: z.array(proof),
})

/** Live: by the name that clients have, once it leads to the target. */
export const prove = wireguard.action({
  name: 'prove',
  touches: ['outside'],
  result: proven,
  plan: about => ({
    ...timings(about, 10),
    title: { key: 'wireguard.prove.title', values: shown(about) },
    stage: 'settle',
    attempts: 4,
    backoffSeconds: 5,
    undo: nothingToUndo,
  }),
  isDone: async () => false,
  apply: (acting, io) =>
    proveFreshTunnel(acting, acting.spec.endpointName ?? acting.spec.target.endpoint, io.at('outside')),
})

/** In a rehearsal: by the target's address: the name still leads to the source. */
export const tryTarget = wireguard.action({
  name: 'try',
  touches: ['outside'],
  result: proven,
  plan: about => ({
    ...timings(about, 10),
    title: { key: 'wireguard.try.title', values: shown(about) },
    stage: 'switch',
    attempts: 4,
    backoffSeconds: 5,
    undo: nothingToUndo,
  }),
  isDone: async () => false,
  apply: (acting, io) => proveFreshTunnel(acting, acting.spec.target.endpoint, io.at('outside')),
})

/** As a trainer on the morning after: a fresh tunnel reaches the dashboard at the target; without it nobody does. */
async function proveFreshTunnel(vpn: Vpn, dialled: string, io: ChangeIo): Promise<z.infer<typeof proven>> {
  const target = gatewayAt(vpn, 'target')
  const implementation = await raiseTestTunnel(vpn, 'target', dialled, io)
  const expected = endpointOf(target.endpoint, vpn.spec.port)
  const leadsTo = await tunnelLeadsTo(vpn, 'target', io)
  const values = {
    component: vpn.component.id,
    site: target.siteTitle,
    dialled,
    tester: testerOf(vpn).ssh,
  }
  if (leadsTo !== expected)
    throw new Failure({
      key: 'wireguard.prove.leadsElsewhere',
      values: { ...values, leadsTo: leadsTo ?? '', expected },
    })
  const proofs = await testTunnel(vpn, 'target', openDoor, io)
  if (failedOf(proofs).length > 0)
    throw new Failure(
      { key: 'wireguard.prove.failed', values: { ...values, seen: proofsShown(proofs) } },
      { remedy: { key: 'wireguard.prove.failed.remedy', values } },
    )
  return { dialled, leadsTo, implementation, proofs }
}

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
const inWords = ({ status, site, silence }: Answer): string =>
  status === undefined ? (silence ?? '') : `${status}${site === undefined ? '' : ` (${site})`}`

export const failedOf = (proofs: Proof[]): Proof[] => proofs.filter(({ passed }) => !passed)
const proofsShown = (proofs: Proof[]): string => proofs.map(({ what, seen }) => `${what}: ${seen}`).join('; ')
