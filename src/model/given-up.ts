import type { JsonObject } from './json.ts'
import type { SiteSide } from './plan.ts'
import type { Text } from './text.ts'

/** What a component loses when a run goes on without a site: read at what still lives, and in the journal. */
export type Loss = { component: string; text: Text[]; figures: JsonObject }

/** That a run goes on without one of the sites, for good: nothing of it is asked any more. */
export type GivenUp = {
  side: SiteSide
  /** The hosts of that site that gave no answer when they were asked last, by ssh name. */
  silent: string[]
  loses: Loss[]
}

/** What two people sign: the one who gives the order, and `and`. `isolated`: how they know that nobody reaches that site any more. */
export type SignedGivenUp = GivenUp & { isolated: string; and: string }

/** As a run keeps it. Nobody has signed (`by` is empty) where the journal itself says that nothing can be lost. */
export type SiteGivenUp = GivenUp & { at: string; by: string[]; why: Text; isolated?: string }
