import { exitCodes } from '../../src/model/failure.ts'
import type { JsonObject } from '../../src/model/json.ts'
import { fold } from '../../src/run/fold.ts'
import { lineTrouble } from './line-trouble.ts'
import { linesLostIn } from './lines-lost.ts'
import type { Narrator } from './narrate.ts'
import type { Stage } from './stage.ts'
import { readEntries } from './verdict.ts'

export const step = 'files.first-sync'
/** In the seconds before the loss more than this comes over, of one file of 40 MB. */
const mostlyKeptBytes = 2e6

/**
 * The main line is lost in the middle of the first sync, and comes back: the sync waits for it and goes on where it was.
 * Exit code 0 when it does. Throws Error when a verb does not end well.
 */
export async function lostInSync({ run, lab, stateDirectory }: Stage, say: Narrator): Promise<number> {
  say('demo.audit', {})
  await ends('audit', run('audit', '--json'))
  say('demo.replicate-fault', { step })
  await Promise.all([
    ends('replicate', run('replicate', '--json')),
    lineTrouble(lab, stateDirectory, { mode: 'preparation', step }),
  ])
  const entries = readEntries(stateDirectory)
  const synced = fold(entries).runs.at(-1)?.steps[step]
  const { sentBytes, keptBytes } = (synced?.result ?? {}) as JsonObject
  const linesLost = linesLostIn(entries)
  const { attempt = 0, failures = 0 } = synced ?? {}
  const verdict = { linesLost, step, attempts: attempt, failures, sentBytes, keptBytes }
  process.stdout.write(`${JSON.stringify(verdict, null, 2)}\n`)
  const paused = linesLost.some(({ seconds, paused }) => seconds !== null && paused.includes(step))
  // what had come over before the loss did not travel again, and nothing of it counts as a failure
  const wentOn = attempt > 1 && failures === 0 && Number(keptBytes) > mostlyKeptBytes
  return paused && wentOn ? exitCodes.ok : exitCodes.failure
}

async function ends(verb: string, end: Promise<{ exitCode: number; stdout: string }>): Promise<void> {
  const { exitCode, stdout } = await end
  if (exitCode !== exitCodes.ok) throw new Error(`bascule ${verb} ended with ${exitCode}:\n${stdout}`)
}
