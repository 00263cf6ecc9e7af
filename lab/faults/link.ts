import { execIn, hostOf } from '../enter.ts'
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

const lossy = ['inet', 'fault-lossy']

/** So many percent of the packets on the link are lost, each way. */
export async function linkLosesPackets(lab: Lab, percent: number): Promise<void> {
  const rule = (hook: string, way: string): string =>
    `chain ${hook} { type filter hook ${hook} priority -399; ${way} intersite numgen random mod 100 < ${percent} drop; }`
  const input = `table ${lossy.join(' ')} {\n${rule('postrouting', 'oifname')}\n}\n`
  await settleAllThenThrow(
    ends(lab).map(({ site }) => execIn(lab, `${site}-gateway`, ['nft', '-f', '-'], { input })),
  )
}

/** The inverse; harmless when none is lost. */
export async function linkWhole(lab: Lab): Promise<void> {
  await settleAllThenThrow(
    ends(lab).map(({ site }) =>
      execIn(lab, `${site}-gateway`, ['nft', 'delete', 'table', ...lossy], { allowFailure: true }),
    ),
  )
}
