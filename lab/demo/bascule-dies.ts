import { existsSync, renameSync } from 'node:fs'
import { exitCodes } from '../../src/model/failure.ts'
import { millisecondsOf } from '../../src/model/instant.ts'
import { rolesOf } from '../../src/model/roles.ts'
import type { Run } from '../../src/model/run.ts'
import { until } from '../until.ts'
import { lastRun } from './last-run.ts'
import { withTeam } from './night.ts'
import { lookingAgain } from './prepare.ts'
import { elsewhere, type Stage } from './stage.ts'
import type { VerbEnd } from './verbs.ts'
import { readEntries } from './verdict.ts'

export const basculeDiesName = 'bascule-dies'

/** In the middle of the night: users are cut off, nothing is promoted yet. */
const step = 'files.final-delta'
const patienceSeconds = 600

/** `secondsUntilOn`: from the machine's end to the next step. `firstEndsWith`: of the first program, which wakes up later. */
export type Takeover = { secondsUntilOn: number; firstEndsWith: number }

/** As it must be: soon, and by one program only. */
export const isTakenOver = ({ secondsUntilOn, firstEndsWith }: Takeover): boolean =>
  secondsUntilOn < 60 && firstEndsWith === exitCodes.locked

/**
 * The program stands still as its machine would, and its state directory is gone. Another goes on from the copy of the journal; then the
 * first wakes up and wants to go on, too.
 */
export async function basculeDies(
  stage: Stage,
): Promise<{ night: VerbEnd; stage: Stage; takeover: Takeover }> {
  let first!: ReturnType<Stage['start']>
  const ended = lookingAgain(() => {
    first = stage.start('run', '--at', 'now', '--json')
    return first.ended
  })
  try {
    await withTeam(stage, undefined, () =>
      Promise.race([
        untilSo(`${step} runs`, () => isUnderWay(lastRun(stage.stateDirectory))),
        endedEarly(ended),
      ]),
    )
    first.process.kill('SIGSTOP')
    const diedAt = Date.now()
    renameSync(stage.stateDirectory, `${stage.stateDirectory}-unreachable`)
    const second = elsewhere(stage, 'state-elsewhere')
    const [night, takeover] = await withTeam(second, undefined, () =>
      Promise.all([
        second.run('takeover', '--from', copyHost(stage), '--yes', '--json'),
        watch(second, diedAt, first),
      ]),
    )
    return { night, stage: second, takeover }
  } finally {
    // one that was stopped hears nothing else
    first.process.kill('SIGKILL')
  }
}

const isUnderWay = (run: Run | undefined): boolean =>
  run?.mode === 'live' && ['running', 'done'].includes(run.steps[step]?.status ?? '')

async function watch(second: Stage, diedAt: number, first: ReturnType<Stage['start']>): Promise<Takeover> {
  let wentOnAt = ''
  await untilSo('the second program goes on', () => {
    if (!existsSync(second.stateDirectory)) return false
    const entries = readEntries(second.stateDirectory)
    const resumed = entries.findLastIndex(({ event }) => event.type === 'run.resumed')
    const next = entries.slice(resumed + 1).find(({ event }) => /^step\.(started|done)$/.test(event.type))
    wentOnAt = (resumed >= 0 && next?.at) || ''
    return wentOnAt !== ''
  })
  first.process.kill('SIGCONT')
  const { exitCode } = await first.ended
  return { secondsUntilOn: (millisecondsOf(wentOnAt) - diedAt) / 1000, firstEndsWith: exitCode }
}

function copyHost({ plan, kinds }: Stage): string {
  const [role] = rolesOf(plan, kinds, {})('journalCopies')
  const place = role?.value.places[0]
  if (place === undefined) throw new Error('the plan has nobody who keeps a copy of the journal')
  return place.host
}

async function endedEarly(ended: Promise<VerbEnd>): Promise<never> {
  const { exitCode, stdout } = await ended
  throw new Error(`bascule run ended with ${exitCode} before ${step}:\n${stdout}`)
}

/** Throws Error when it does not come to that. */
async function untilSo(what: string, isSo: () => boolean): Promise<void> {
  if (await until(isSo, { seconds: patienceSeconds, everySeconds: 0.1 })) return
  throw new Error(`it never came to be that ${what}`)
}
