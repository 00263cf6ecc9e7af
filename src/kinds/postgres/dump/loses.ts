import type { Loss } from '../../../model/given-up.ts'
import type { ReadIo } from '../../../model/io.ts'
import type { SiteSide } from '../../../model/plan.ts'
import type { Measuring } from '../../kit/kind-parts.ts'
import type { PostgresFacts } from '../facts.ts'
import { sidesOf } from '../sides.ts'
import type { DumpSpec } from '../spec-dump.ts'
import { dumpAccept } from './actions/dump-accept.ts'

/** The source has all that was written up to its fence, and nothing of what users wrote at the target. */
export async function dumpLosesWithout(
  measuring: Measuring<DumpSpec, PostgresFacts>,
  side: SiteSide,
  _io: ReadIo,
): Promise<Pick<Loss, 'text' | 'figures'> | undefined> {
  if (side !== 'target' || !measuring.wasBegun(dumpAccept)) return undefined
  const { source, target } = sidesOf(measuring)
  const values = { source: source.host, target: target.host }
  return { text: [{ key: 'postgres.dump.loses', values }], figures: { received: null } }
}
