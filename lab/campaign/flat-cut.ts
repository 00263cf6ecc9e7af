import { type Judged, wrongIn } from '../demo/judged.ts'
import { withTeam } from '../demo/night.ts'
import { prepare, withoutRehearsal } from '../demo/prepare.ts'
import { raiseStage } from '../demo/stage.ts'
import { stopUsers } from '../demo/stop-users.ts'
import { readVerdict } from '../demo/verdict.ts'
import { parseSize } from '../estate/seed/sizes.ts'
import { lowerLab, ownName } from '../lab.ts'
import { withoutMachines } from '../topology.ts'

/** How much longer the cut may be on the largest data than on the smallest. */
const allowedGrowth = 0.3

/** The same night on several sizes of data: the cut that users see must not grow with them. Exit code 0 when it does not. */
export async function flatCut(sizes: readonly string[], tell: (line: string) => void): Promise<number> {
  const cuts: Record<string, Record<string, number | null>> = {}
  for (const size of sizes) {
    const verdict = await oneNight(size, tell)
    cuts[size] = Object.fromEntries(
      Object.entries(verdict.cut).map(([service, one]) => [service, one.seconds]),
    )
    const wrong = wrongIn(verdict)
    tell(`${size}: ${verdict.outcome}, wrong: [${wrong}], cut ${JSON.stringify(cuts[size])}`)
    if (verdict.outcome !== 'moved' || wrong.length > 0) return 1
  }
  const worst = Object.values(cuts).map(cut =>
    Math.max(...Object.values(cut).map(seconds => seconds ?? Infinity)),
  )
  const growth = Math.max(...worst) / Math.min(...worst) - 1
  process.stdout.write(`${JSON.stringify({ cuts, growth: Math.round(growth * 1000) / 1000 }, null, 2)}\n`)
  return growth < allowedGrowth ? 0 : 1
}

async function oneNight(size: string, tell: (line: string) => void): Promise<Judged> {
  const name = ownName('cut-campaign')
  try {
    const stage = await raiseStage({ name, size: parseSize(size), parts: withoutMachines })
    await prepare(stage, verb => tell(`${size}: bascule ${verb}`), withoutRehearsal)
    await withTeam(stage, undefined, () =>
      stage.run('run', '--at', 'now', '--without-rehearsal', 'a campaign of nights alone', '--json'),
    )
    const { sessionsLost } = await stopUsers(stage.users)
    return { ...(await readVerdict(stage)), sessionsLost }
  } finally {
    await lowerLab(name)
  }
}
