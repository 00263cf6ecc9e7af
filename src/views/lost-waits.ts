import { Temporal } from 'temporal-polyfill'
import type { Run } from '../model/run.ts'
import type { Text } from '../model/text.ts'
import { isSourceLost } from '../run/given-up/source.ts'
import { lineLostLimit } from '../run/line-lost.ts'
import { hostsOfSide } from '../run/sides.ts'
import type { Formatter } from './formatter.ts'
import type { Waiting } from './proposal.ts'
import type { RunView } from './run-view.ts'

/** What the run stands on and is lost: the source, or a line. Nothing is rolled back by itself for a line to a dead source. */
export function lostWaits(runView: RunView, formatter: Formatter): Waiting[] {
  const source = lostSource(runView, formatter)
  return source.length > 0 ? source : lostLine(runView, formatter)
}

/** A rollback would lead to a dead site: people choose, with the line of each way. Waiting needs none. */
export function lostSource({ plan, runbook, run }: RunView, formatter: Formatter): Waiting[] {
  if (run === undefined || !isSourceLost(runbook, run, plan)) return []
  const asked = run.sitesAsked?.source
  const values = {
    site: plan.sites.source.title,
    hosts: hostsOfSide(plan, 'source').join(', '),
    at: formatter.clock(asked?.at ?? run.startedAt),
  }
  const without = { side: 'source' as const, silent: asked?.silent ?? [], loses: [], isolated: '', and: '' }
  return [
    {
      what: 'source',
      id: run.id,
      roles: [],
      text: formatter.say({ key: 'views.waiting.source', values }),
      orders: [
        { do: 'go-on', reason: '', without },
        { do: 'roll-back', reason: '' },
      ],
    },
  ]
}

/** It goes on, or is rolled back, without a person; one who knows that the line stays lost need not wait for it. */
function lostLine({ plan, runbook, run, forecast }: RunView, formatter: Formatter): Waiting[] {
  const lost = Object.values(run?.linesLost ?? {})[0]
  if (run === undefined || lost === undefined) return []
  const limit = lineLostLimit(runbook, run, plan)?.until.toString()
  const until = [limit, lastSafeOf(run, forecast)]
    .filter(instant => instant !== undefined)
    .sort(Temporal.Instant.compare)[0]
  const title = plan.components[lost.component]?.title ?? lost.component
  const text: Text =
    until === undefined
      ? { key: 'views.waiting.line', values: { title } }
      : { key: 'views.waiting.lineUntil', values: { title, until: formatter.clock(until) } }
  // nothing but the last safe moment undoes a run that a person holds
  const isLonger = until !== undefined && until === limit
  return [
    {
      what: 'line',
      id: lost.component,
      roles: [],
      text: formatter.say(text),
      orders: [{ do: 'roll-back', reason: '' }, ...(isLonger ? [{ do: 'hold', reason: '' } as const] : [])],
    },
  ]
}

/** When the night is rolled back at the latest. Undefined when it is not by itself: a held run waits for its person. */
const lastSafeOf = ({ mode, gates, held }: Run, { lastSafe }: RunView['forecast']): string | undefined =>
  mode === 'live' && gates.reopen?.openedAt === undefined && held === undefined ? lastSafe : undefined
