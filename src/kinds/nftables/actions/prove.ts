import { z } from 'zod'
import { Failure } from '../../../model/failure.ts'
import { nftables } from '../facts.ts'
import { wayOf } from '../matrix/expected.ts'
import { firstOf, measureFlows } from '../matrix/flows.ts'
import { shown as shownFlow } from '../matrix/judge.ts'
import type { Cell } from '../matrix/measure.ts'
import { gatewayAt } from '../sides.ts'
import { inPreparation, shown } from '../step.ts'
import { persist } from './persist.ts'

/** What passes the target's gateway is as declared, measured from every zone. The source's own flows are for the gate to judge. */
export const prove = nftables.action({
  name: 'prove',
  touches: [],
  result: z.object({ tried: z.number(), absent: z.array(z.string()), later: z.array(z.string()) }),
  plan: about => ({
    ...inPreparation,
    title: { key: 'nftables.prove.title', values: shown(gatewayAt(about, 'target')) },
    stage: 'prove',
    after: [persist],
    expectedSeconds: 20,
    deadlineSeconds: 180,
    undo: { possible: false, why: { key: 'nftables.prove.noUndo' } },
  }),
  /** Measured again each time: an older result proves nothing. */
  isDone: async () => false,
  async apply(acting, io) {
    const looked = await measureFlows(acting, io)
    const open = looked.wronglyOpen.filter(passesTarget).map(shownFlow)
    const closed = looked.wronglyClosed.filter(passesTarget).map(shownFlow)
    const unasked = looked.unasked.filter(({ vantage }) => !vantage.later)
    const silent = unasked.map(({ vantage, why }) => `${vantage.name}: ${why}`)
    if (open.length + closed.length + silent.length > 0) {
      const { host } = gatewayAt(acting, 'target')
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
    return { tried: looked.tried, absent: looked.absent.map(shownFlow), later }
  },
})

/** Everything but what is the source's gateway's alone. */
const passesTarget = (cell: Cell): boolean => {
  const way = wayOf(cell.vantage, cell.target)
  return cell.target.side === 'target' || (way !== undefined && 'by' in way)
}
