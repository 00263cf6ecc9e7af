import { Failure } from '../../../model/failure.ts'
import type { Action } from '../../../model/kind.ts'
import { wayOf } from '../matrix/expected.ts'
import { shown } from '../matrix/judge.ts'
import { firstOf, lookAtSites } from '../matrix/look.ts'
import type { Cell } from '../matrix/measure.ts'
import { gatewayAt } from '../sides.ts'

/** What passes the target's gateway is as declared, seen from every zone. The source's own ways are for the gate to judge. */
export const prove: Action = {
  /** Its worth is in having just been done. */
  isDone: async () => false,
  async apply({ component, plan }, io) {
    const looked = await lookAtSites(component, plan, io)
    const open = looked.wronglyOpen.filter(passesTarget).map(shown)
    const closed = looked.wronglyClosed.filter(passesTarget).map(shown)
    const unasked = looked.unasked.filter(({ vantage }) => !vantage.later)
    const silent = unasked.map(({ vantage, why }) => `${vantage.name}: ${why}`)
    if (open.length + closed.length + silent.length > 0) {
      const { host } = gatewayAt(component, plan, 'target')
      const values = {
        host: host.ssh,
        open: firstOf(open) || '–',
        closed: firstOf(closed) || '–',
        silent: firstOf(silent) || '–',
      }
      throw new Failure(
        { key: 'nftables.prove.failed', values },
        { remedy: { key: 'nftables.prove.failed.remedy', values } },
      )
    }
    const later = looked.unasked.map(({ vantage }) => vantage.name)
    return { tried: looked.tried, absent: looked.absent.map(shown), later }
  },
}

/** Everything but what is the source's gateway's alone. */
const passesTarget = (cell: Cell): boolean => {
  const way = wayOf(cell.vantage, cell.target)
  return cell.target.side === 'target' || (way !== undefined && 'by' in way)
}
