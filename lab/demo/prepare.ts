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

const looks: readonly DemoVerb[] = ['audit', 'preflight', 'replicate']
const lookAgain = { times: 3, afterSeconds: 10 }

/**
 * Types a verb that looks before anything else. What was in the way then (a busy machine's answer that came late) is looked at again, as
 * people would, before they give up. Nothing has been changed.
 */
export async function lookingAgain<End extends { exitCode?: number | undefined }>(
  type: () => Promise<End>,
): Promise<End> {
  for (let time = 1; ; time += 1) {
    const end = await type()
    if (end.exitCode !== exitCodes.checksFailed || time >= lookAgain.times) return end
    await wait(lookAgain.afterSeconds * 1000)
  }
}

/** Everything up to the night. Throws Error when a verb does not end well. */
export async function prepare(
  stage: Stage,
  onVerb: (verb: DemoVerb) => void = () => {},
  wanted: readonly DemoVerb[] = verbs,
): Promise<void> {
  for (const verb of wanted) {
    const type = (): Promise<VerbEnd> => {
      onVerb(verb)
      return stage.run(verb, '--json')
    }
    const { exitCode, stdout } = await (looks.includes(verb) ? lookingAgain(type) : type())
    if (exitCode !== exitCodes.ok) throw new Error(`bascule ${verb} ended with ${exitCode}:\n${stdout}`)
  }
}
