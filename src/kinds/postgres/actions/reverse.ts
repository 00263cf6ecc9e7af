import type { ChangeIo } from '../../../model/io.ts'
import type { Action } from '../../../model/kind.ts'
import { claim } from '../claim.ts'
import { start, stateOf } from '../cluster.ts'
import { handBack } from '../hand-back.ts'
import { proofSlotOf, type Side, sidesOf, slotOf } from '../sides.ts'
import { dropSlot, ensureSlot } from '../slots.ts'
import { executeReadWrite, literal, queryOne } from '../sql.ts'
import { isStreaming, signalStandby, waitForStreaming } from '../standby.ts'
import { until } from '../wait.ts'

/** The old source follows the target: what users will write comes back, proven by a mark that went the way. */
export const reverse: Action = {
  async isDone(context, io) {
    const { source, target } = sidesOf(context)
    if ((await stateOf(source, io)) !== 'standby' || (await stateOf(target, io)) !== 'primary') return false
    const row = await queryOne(io, source.sql, markerQuery(context.fencingNumber))
    return row !== undefined && (await isStreaming(source, target, io))
  },

  async apply(context, io) {
    const { source, target, spec } = sidesOf(context)
    await claim(context.fencingNumber, io, source, target)
    await ensureSlot(target, slotOf(source), io)
    if ((await stateOf(source, io)) !== 'standby') await signalStandby(source, io)
    await start(source, io)
    await waitForStreaming(source, target, io)
    const seconds = await proveByMarker(target, source, context.fencingNumber, io)
    // Nobody reads them any more, and they would fill the disk.
    await dropSlot(source, slotOf(target), io)
    await dropSlot(source, proofSlotOf(spec), io)
    return { marker: markerText(context.fencingNumber), seconds }
  },

  async undo(context, io) {
    const sides = sidesOf(context)
    await claim(context.fencingNumber, io, sides.source, sides.target)
    await handBack(sides, io)
  },
}

const markerText = (fencingNumber: number): string => `reverse ${fencingNumber}`
const markerQuery = (fencingNumber: number): string =>
  `select 1 as yes from bascule.marker where text = ${literal(markerText(fencingNumber))} limit 1`

/** Written at the primary, read at the standby. Returns the seconds it took. */
async function proveByMarker(
  primary: Side,
  standby: Side,
  fencingNumber: number,
  io: ChangeIo,
): Promise<number> {
  const startedAt = Date.parse(io.now())
  const text = literal(markerText(fencingNumber))
  await executeReadWrite(io, primary.sql, `insert into bascule.marker (text) values (${text})`)
  await until(io, () => queryOne(io, standby.sql, markerQuery(fencingNumber)), {
    seconds: 30,
    otherwise: () => ({ key: 'postgres.reverse.noMarker', values: { host: standby.host } }),
  })
  return (Date.parse(io.now()) - startedAt) / 1000
}
