import { hostOf } from '../enter.ts'
import { farRoute } from '../network/commands.ts'
import { spareFarRoute } from '../network/lines.ts'
import { runBatch, setLinkRate } from '../network/raise.ts'
import { settleAllThenThrow } from '../settle-all.ts'
import { lanOf, siteNames } from '../topology.ts'
import type { Lab } from '../types.ts'

const ends = (lab: Lab) =>
  siteNames.map(site => ({ site, namespace: hostOf(lab, `${site}-gateway`).namespace }))
const farLan = (index: number, site: (typeof siteNames)[number]) =>
  lanOf(index, site === 'montpellier' ? 'toulouse' : 'montpellier')
/** Whether the gateways know another way, round the link. */
const hasSpare = (lab: Lab) => lab.hosts['montpellier-office'] !== undefined

/** No way between the sites' networks at all. Either site still reaches the Internet. */
export async function linkDown(lab: Lab): Promise<void> {
  await settleAllThenThrow(
    ends(lab).map(({ site, namespace }) =>
      runBatch({
        namespace,
        lines: ['link set intersite down', `route flush exact ${farLan(lab.index, site)}`],
      }),
    ),
  )
}

/** The inverse of linkDown; harmless when the link is up. */
export async function linkUp(lab: Lab): Promise<void> {
  // Both ends first: a route is refused while its way out has no carrier.
  await settleAllThenThrow(
    ends(lab).map(({ namespace }) => runBatch({ namespace, lines: ['link set intersite up'] })),
  )
  await settleAllThenThrow(
    ends(lab).map(({ site, namespace }) =>
      runBatch({
        namespace,
        lines: [
          `route replace ${farRoute(lab.index, site)}`,
          ...(hasSpare(lab) ? [`route replace ${spareFarRoute(lab.index, site)}`] : []),
        ],
      }),
    ),
  )
}

/** Changes the link's rate, both ways. The inverse is the same with the old rate. */
export async function linkRate(lab: Lab, megabitsPerSecond: number): Promise<void> {
  await setLinkRate(
    ends(lab).map(({ namespace }) => namespace),
    megabitsPerSecond,
    'replace',
  )
}
