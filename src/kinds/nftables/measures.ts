import type { FigureForms } from '../../model/figure.ts'
import type { MessageKey } from '../../model/text.ts'
import type { TypedMeasure } from '../kit/kind-parts.ts'
import type { FirewallFacts } from './facts.ts'
import { firstOf, type Looked, measureFlows } from './matrix/flows.ts'
import { shown } from './matrix/judge.ts'
import type { NftablesSpec } from './spec.ts'

type Measure = TypedMeasure<NftablesSpec, FirewallFacts>

/** Each of the three is of both sites; asked for together they are one look. */
export const measures: Record<string, Measure> = {
  wronglyOpen: measure('nftables.measure.wronglyOpen', ({ wronglyOpen }) => wronglyOpen.map(shown)),
  wronglyClosed: measure('nftables.measure.wronglyClosed', ({ wronglyClosed }) => wronglyClosed.map(shown)),
  sitesDifferent: measure(
    'nftables.measure.sitesDifferent',
    ({ sitesDifferent }) => sitesDifferent,
    'nftables.measured.different',
  ),
}

function measure(
  title: MessageKey,
  waysOf: (looked: Looked) => string[],
  detailKey: MessageKey = 'nftables.measured.flows',
): Measure {
  return {
    title,
    unit: '',
    expectedSeconds: 20,
    async measure(measuring, io) {
      const looked = await measureFlows(measuring, io)
      const ways = waysOf(looked)
      const unseen = unseenBy(looked)
      const detail = firstOf([...ways, ...unseen])
      return {
        value: ways.length,
        figures: { tried: looked.tried, ways, absent: looked.absent.map(shown), unseen },
        ...(detail !== '' && { detail: [{ key: detailKey, values: { flows: detail } }] }),
        ...(unseen.length > 0 && { unverified: true }),
      }
    },
  }
}

/** What nobody could look at: a vantage that does not answer, an echo that nothing there can send. */
export const unseenBy = ({ unasked, unknown }: Looked): string[] => [
  ...unasked.map(({ vantage, why }) => `${vantage.name}: ${why}`),
  ...unknown.filter(({ declared }) => declared).map(cell => `${shown(cell)}: ?`),
]

/** How they, and the figures of the steps' results, are shown. */
export const figures: FigureForms = {
  tried: { label: 'nftables.figure.tried' },
  beforeBytes: { label: 'nftables.figure.beforeBytes', unit: 'B' },
  beforeSha256: { label: 'nftables.figure.beforeSha256' },
  tableSha256: { label: 'nftables.figure.tableSha256' },
}
