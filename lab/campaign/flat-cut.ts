import { type Judged, wrongIn } from '../demo/judged.ts'
import { withTeam } from '../demo/night.ts'
import { lookingAgain, prepare, withoutRehearsal } from '../demo/prepare.ts'
import { raiseStage } from '../demo/stage.ts'
import { stopUsers } from '../demo/stop-users.ts'
import { type DemoVerdict, readVerdict } from '../demo/verdict.ts'
import { parseSize } from '../estate/seed/sizes.ts'
import { lowerLab, ownName } from '../lab.ts'
import { withoutMachines } from '../topology.ts'

/** How much longer the cut may be on the largest data than on the smallest. */
const allowedGrowth = 0.3

export type FlatNight = Pick<DemoVerdict, 'cut' | 'steps'>

/** The same night on several sizes of data: the cut that users see must not grow with them. Exit code 0 when it does not. */
export async function flatCut(sizes: readonly string[], tell: (line: string) => void): Promise<number> {
  const nights: Record<string, ReturnType<typeof cutOf>> = {}
  for (const size of sizes) {
    const verdict = await oneNight(size, tell)
    nights[size] = cutOf(verdict)
    const wrong = wrongIn(verdict)
    tell(`${size}: ${verdict.outcome}, wrong: [${wrong}], cut ${JSON.stringify(nights[size])}`)
    if (verdict.outcome !== 'moved' || wrong.length > 0) return 1
  }
  const growth = growthOf(Object.values(nights))
  process.stdout.write(`${JSON.stringify({ nights, growth }, null, 2)}\n`)
  return growth < allowedGrowth ? 0 : 1
}

/**
 * Seconds per service (null: it was never served again), and of them those in which nothing but the resolvers was waited for. How
 * long these keep old data depends on when they last asked: from nothing to the whole low TTL, whatever the size of the data.
 */
export function cutOf({ cut, steps }: FlatNight): {
  services: Record<string, number | null>
  resolversSeconds: number
} {
  const waits = steps.filter(({ id }) => id.endsWith('.wait-resolvers'))
  return {
    services: Object.fromEntries(Object.entries(cut).map(([service, { seconds }]) => [service, seconds])),
    resolversSeconds: Math.max(0, ...waits.map(({ actualSeconds }) => actualSeconds ?? 0)),
  }
}

/** By how much the longest cut without its wait for resolvers exceeds the shortest: 0.1 is a tenth. */
export function growthOf(nights: readonly ReturnType<typeof cutOf>[]): number {
  const longest = nights.map(({ services, resolversSeconds }) => {
    const seconds = Object.values(services).map(one => one ?? Number.POSITIVE_INFINITY)
    return Math.max(...seconds) - resolversSeconds
  })
  return Math.round((Math.max(...longest) / Math.min(...longest) - 1) * 1000) / 1000
}

async function oneNight(size: string, tell: (line: string) => void): Promise<Judged & FlatNight> {
  const name = ownName('cut-campaign')
  try {
    const stage = await raiseStage({ name, size: parseSize(size), parts: withoutMachines })
    await prepare(stage, verb => tell(`${size}: bascule ${verb}`), withoutRehearsal)
    await withTeam(stage, undefined, () =>
      lookingAgain(() =>
        stage.run('run', '--at', 'now', '--without-rehearsal', 'a campaign of nights alone', '--json'),
      ),
    )
    const { sessionsLost } = await stopUsers(stage.users)
    return { ...(await readVerdict(stage)), sessionsLost }
  } finally {
    await lowerLab(name)
  }
}
