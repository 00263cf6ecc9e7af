import { hostsAnswer, hostsSilent } from '../faults/faults.ts'
import type { Lab } from '../types.ts'
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

/** The night is over: what is read at Toulouse afterwards must answer. */
export const targetAnswers = (lab: Lab): Promise<void> => hostsAnswer(lab, targetHosts(lab))
