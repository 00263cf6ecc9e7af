import { hostOf } from '../enter.ts'
import { untilReady } from '../hosts/start.ts'
import { detour, type Routers, wayBack } from '../network/detour.ts'
import { runBatch } from '../network/raise.ts'
import { settleAllThenThrow } from '../settle-all.ts'
import { run } from '../shell.ts'
import { addressOf, operationsAddress } from '../topology.ts'
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
  await settleAllThenThrow(detour(lab.index, routersOf(lab)).map(runBatch))
  await untilToulouseSendsBy(lab, 'backup', 'backup')
}

/** The inverse of mainLineDown; harmless when the line is there. */
export async function mainLineUp(lab: Lab): Promise<void> {
  await settleAllThenThrow(wayBack(lab.index, routersOf(lab)).map(runBatch))
  await untilToulouseSendsBy(lab, 'intersite', 'wan')
}

/** A kernel takes up to a second to act on a carrier that came or went. */
async function untilToulouseSendsBy(lab: Lab, toMontpellier: string, toOthers: string): Promise<void> {
  const { namespace } = hostOf(lab, 'toulouse-gateway')
  const ways = [
    [addressOf(lab.index, 'montpellier', 'gateway'), toMontpellier],
    [operationsAddress(lab.index), toOthers],
  ]
  await untilReady(`Toulouse's way by ${toMontpellier} and ${toOthers}`, 60, async () => {
    const chosen = await settleAllThenThrow(
      ways.map(async ([address = '', end]) => {
        const { stdout } = await run(['ip', '-n', namespace, 'route', 'get', address])
        return stdout.includes(` dev ${end} `)
      }),
    )
    return chosen.every(Boolean)
  })
}
