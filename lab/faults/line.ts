import { hostOf } from '../enter.ts'
import { detour, type Routers, wayBack } from '../network/detour.ts'
import { runBatch } from '../network/raise.ts'
import { together } from '../together.ts'
import type { Lab } from '../types.ts'

const outsider = /^internet-(?<role>.+)$/

const routersOf = (lab: Lab): Routers => ({
  montpellier: hostOf(lab, 'montpellier-gateway').namespace,
  outside: Object.entries(lab.hosts).flatMap(([name, { namespace }]) => {
    const role = outsider.exec(name)?.groups?.role
    return role === undefined ? [] : [{ role, namespace }]
  }),
})

/**
 * Cuts Toulouse's fibre: the link to Montpellier and its way to the Internet are gone, and the operator sends what is for
 * Toulouse over the backup line. Connections live on, slower. Needs a lab with the part `network`.
 */
export async function mainLineDown(lab: Lab): Promise<void> {
  await together(detour(lab.index, routersOf(lab)).map(runBatch))
}

/** The inverse of mainLineDown; harmless when the line is there. */
export async function mainLineUp(lab: Lab): Promise<void> {
  await together(wayBack(lab.index, routersOf(lab)).map(runBatch))
}
