import { exitCodes } from '../../src/model/failure.ts'
import type { Stage } from './stage.ts'

/** What is done in the days before. A rehearsal makes the target its own for a while, so the proof is made again after it. */
const verbs = ['audit', 'replicate', 'rehearse', 'replicate', 'preflight']

/** Everything up to the night. Throws Error when a verb does not end well. */
export async function prepare({ run }: Stage, onVerb: (verb: string) => void = () => {}): Promise<void> {
  for (const verb of verbs) {
    onVerb(verb)
    const { exitCode, stdout } = await run(verb, '--json')
    if (exitCode !== exitCodes.ok) throw new Error(`bascule ${verb} ended with ${exitCode}:\n${stdout}`)
  }
}
