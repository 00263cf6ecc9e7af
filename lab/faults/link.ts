import { hostOf } from '../enter.ts'
import { farRoute } from '../network/commands.ts'
import { setLinkRate } from '../network/raise.ts'
import { run } from '../shell.ts'
import { together } from '../together.ts'
import { siteNames } from '../topology.ts'
import type { Lab } from '../types.ts'

const gatewayNamespace = (lab: Lab, site: string) => hostOf(lab, `${site}-gateway`).namespace

/** Cuts the link between the sites. Either site still reaches the Internet. */
export async function linkDown(lab: Lab): Promise<void> {
  await together(
    siteNames.map(site => run(['ip', '-n', gatewayNamespace(lab, site), 'link', 'set', 'intersite', 'down'])),
  )
}

/** The inverse of linkDown; harmless when the link is up. */
export async function linkUp(lab: Lab): Promise<void> {
  const ends = siteNames.map(site => ({ site, namespace: gatewayNamespace(lab, site) }))
  // Both ends first: a route is refused while its way out has no carrier.
  await together(ends.map(({ namespace }) => run(['ip', '-n', namespace, 'link', 'set', 'intersite', 'up'])))
  await together(
    ends.map(({ site, namespace }) =>
      run(['ip', '-n', namespace, ...farRoute(lab.index, site).replace('add', 'replace').split(' ')]),
    ),
  )
}

/** Changes the link's rate, both ways. The inverse is the same with the old rate. */
export async function linkRate(lab: Lab, megabitsPerSecond: number): Promise<void> {
  await setLinkRate(
    siteNames.map(site => gatewayNamespace(lab, site)),
    megabitsPerSecond,
    'replace',
  )
}
