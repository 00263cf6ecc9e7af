import { setTimeout as wait } from 'node:timers/promises'
import { exitCodes } from '../../src/model/failure.ts'
import type { MessageKey } from '../../src/model/text.ts'
import type { Stage } from './stage.ts'
import type { VerbEnd } from './verbs.ts'

/** What is done in the days before. A rehearsal makes the target its own for a while, so the proof is made again after it. */
const verbs: readonly DemoVerb[] = ['audit', 'replicate', 'rehearse', 'replicate', 'preflight']
/** Where a rehearsal is not the point. */
export const withoutRehearsal: readonly DemoVerb[] = ['audit', 'replicate', 'preflight']

/** What the demo says when it types the verb. */
export const verbKeys = {
  audit: 'demo.audit',
  replicate: 'demo.replicate',
  rehearse: 'demo.rehearse',
  preflight: 'demo.preflight',
} as const satisfies Record<string, MessageKey>
export type DemoVerb = keyof typeof verbKeys

/**
 * Verbs that look before anything else: what was in the way then (a busy machine's answer that came late) is looked at again, as
 * people would, before they give up. Nothing has been changed.
 */
const looks: readonly DemoVerb[] = ['audit', 'preflight', 'replicate']
const lookAgain = { times: 3, afterSeconds: 10 }

/** Everything up to the night. Throws Error when a verb does not end well. */
export async function prepare(
  stage: Stage,
  onVerb: (verb: DemoVerb) => void = () => {},
  wanted: readonly DemoVerb[] = verbs,
): Promise<void> {
  for (const verb of wanted) {
    const { exitCode, stdout } = await carriedOut(stage, verb, onVerb)
    if (exitCode !== exitCodes.ok) throw new Error(`bascule ${verb} ended with ${exitCode}:\n${stdout}`)
  }
}

async function carriedOut(
  { run }: Stage,
  verb: DemoVerb,
  onVerb: (verb: DemoVerb) => void,
): Promise<VerbEnd> {
  for (let time = 1; ; time += 1) {
    onVerb(verb)
    const end = await run(verb, '--json')
    const isInTheWay = end.exitCode === exitCodes.checksFailed && looks.includes(verb)
    if (!isInTheWay || time >= lookAgain.times) return end
    await wait(lookAgain.afterSeconds * 1000)
  }
}
