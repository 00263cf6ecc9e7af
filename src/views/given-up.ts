import type { JsonObject } from '../model/json.ts'
import type { SiteSide } from '../model/plan.ts'
import type { Formatter } from './formatter.ts'
import type { RunView } from './run-view.ts'

/** The site that the run goes on without, who answers for it, and what is lost by it; sentences in one language. */
export type GivenUpView = {
  side: SiteSide
  site: string
  at: string
  /** Nobody, where the journal itself says that nothing can be lost. */
  by: string[]
  why: string
  isolated?: string
  silent: string[]
  loses: { component: string; text: string[]; figures: JsonObject }[]
}

export function givenUpView({ plan, run }: RunView, formatter: Formatter): GivenUpView | undefined {
  const given = run?.siteGivenUp
  if (given === undefined) return undefined
  const { side, at, by, why, isolated, silent, loses } = given
  return {
    ...{ side, site: plan.sites[side].title, at, by, why: formatter.say(why) },
    ...(isolated !== undefined && { isolated }),
    silent,
    loses: loses.map(({ component, text, figures }) => ({
      component,
      text: text.map(one => formatter.say(one)),
      figures,
    })),
  }
}

/** In one sentence: when, by whom and why. */
export function givenUpText({ side, site, at, by, why }: GivenUpView, formatter: Formatter): string {
  const values = { site, at: formatter.clock(at), by: by.join(', '), why }
  if (side === 'source') return formatter.say({ key: 'views.noWayBack', values })
  return formatter.say({ key: by.length === 0 ? 'views.givenUp' : 'views.givenUpBy', values })
}
