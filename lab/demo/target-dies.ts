import { setTimeout as wait } from 'node:timers/promises'
import { exitCodes } from '../../src/model/failure.ts'
import { hostsAnswer, hostsSilent } from '../faults/faults.ts'
import type { Lab } from '../types.ts'
import type { Stage } from './stage.ts'
import { untilRun } from './until-run.ts'

const targetHosts = (lab: Lab): string[] =>
  Object.keys(lab.hosts).filter(name => name.startsWith('toulouse-') && !name.endsWith('-office'))

/** Toulouse falls silent once users are kept out of the source and before anything was promoted; it stays so. */
export async function targetDiesEarly(
  lab: Lab,
  { stateDirectory }: { stateDirectory: string },
): Promise<void> {
  const fence = 'database.fence'
  await untilRun(stateDirectory, 'live', `${fence} is done`, run => run.steps[fence]?.status === 'done')
  await hostsSilent(lab, targetHosts(lab))
}

/** Users write at the target for so long before it dies. Seconds. */
const writingSeconds = 10

/**
 * Users work at Toulouse when it falls silent for good. A rollback alone stops nothing; one that two people sign opens the source
 * with what it had received. Gives its exit code. Throws Error when the first ends otherwise.
 */
export async function targetDies({ lab, run }: Stage): Promise<number> {
  const rollBack = ['rollback', '--reason', 'Toulouse is gone', '--yes', '--json']
  await wait(writingSeconds * 1000)
  await hostsSilent(lab, targetHosts(lab))
  const alone = await run(...rollBack)
  if (alone.exitCode !== exitCodes.returnPathBroken)
    throw new Error(`a rollback towards a silent target ended with ${alone.exitCode}:\n${alone.stdout}`)
  const signed = ['--without', 'target', '--isolated', 'its racks have no power', '--and-by', 'the director']
  const { exitCode } = await run(...rollBack, ...signed)
  return exitCode
}

/** The night is over: what is read at Toulouse afterwards must answer. */
export const targetAnswers = (lab: Lab): Promise<void> => hostsAnswer(lab, targetHosts(lab))
