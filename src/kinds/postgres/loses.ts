import type { Loss } from '../../model/given-up.ts'
import { byOwnClock, type HostClock } from '../../model/host-clock.ts'
import { secondsBetween } from '../../model/instant.ts'
import type { ReadIo } from '../../model/io.ts'
import type { SiteSide } from '../../model/plan.ts'
import type { Text } from '../../model/text.ts'
import type { Measuring } from '../kit/kind-parts.ts'
import { accept } from './actions/accept.ts'
import { promote } from './actions/promote.ts'
import { stateOf } from './cluster.ts'
import type { PostgresFacts } from './facts.ts'
import { bytesBetween } from './lsn.ts'
import { receivedFrom } from './received.ts'
import { sidesOf } from './sides.ts'
import type { StreamingSpec } from './spec.ts'

/** What the rows written at the target come to is known there alone; the source tells up to where it has them. */
export async function losesWithout(
  measuring: Measuring<StreamingSpec, PostgresFacts>,
  side: SiteSide,
  io: ReadIo,
): Promise<Pick<Loss, 'text' | 'figures'> | undefined> {
  const { source, target } = sidesOf(measuring)
  if (side !== 'target' || !measuring.wasBegun(promote)) return undefined
  const state = await stateOf(source, io)
  if (state === 'primary') return undefined
  const values = { source: source.host, target: target.host }
  if (state !== 'standby')
    return { text: [{ key: 'postgres.loses.nothingCame', values }], figures: { received: null } }
  const { received, lastTransactionAt } = await receivedFrom(source, io)
  const accepted = measuring.resultOf(accept)?.position
  const figures = {
    received: received ?? null,
    lastTransactionAt: lastTransactionAt ?? null,
    // WAL that the source received since the target took writes
    receivedBytes: accepted === undefined || received === undefined ? null : bytesBetween(accepted, received),
  }
  const came = { ...values, received: received ?? '–' }
  return { text: [whatCame(came, lastTransactionAt, measuring.clocks[target.host], io.now())], figures }
}

/** The target committed it, by its own clock. */
function whatCame(
  came: Record<string, string>,
  committedAt: string | undefined,
  clock: HostClock | undefined,
  now: string,
): Text {
  if (committedAt === undefined) return { key: 'postgres.loses.afterUnknown', values: came }
  const at = byOwnClock(committedAt, clock)
  if (at === undefined) return { key: 'postgres.loses.afterByItsClock', values: { ...came, at: committedAt } }
  const seconds = Math.max(0, Math.round(secondsBetween(at, now)))
  return { key: 'postgres.loses.after', values: { ...came, at, seconds } }
}
