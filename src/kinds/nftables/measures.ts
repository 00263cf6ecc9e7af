import type { TypedMeasure } from '../kit/kind-parts.ts'
import type { FirewallFacts } from './facts.ts'
import { firstOf, type Looked, measureFlows } from './matrix/flows.ts'
import { shown } from './matrix/judge.ts'
import type { NftablesSpec } from './spec.ts'

type Measure = TypedMeasure<NftablesSpec, FirewallFacts>

/** Each of the three is of both sites; asked for together they are one look. */
export const measures: Record<string, Measure> = {
  wronglyOpen: measure(({ wronglyOpen }) => wronglyOpen.map(shown)),
  wronglyClosed: measure(({ wronglyClosed }) => wronglyClosed.map(shown)),
  sitesDifferent: measure(({ sitesDifferent }) => sitesDifferent),
}

function measure(waysOf: (looked: Looked) => string[]): Measure {
  return {
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
        ...(detail !== '' && { detail }),
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
