import { homedir } from 'node:os'
import { Temporal } from 'temporal-polyfill'
import type { Text } from '../../model/text.ts'
import { defaultAnswers } from './answers.ts'
import { askAnswers } from './questions.ts'
import { knownHosts } from './ssh-config.ts'
import { writePlan } from './write-plan.ts'

export type InitOptions = {
  /** False: ask nothing, fill in guesses for people to correct. */
  input: boolean
  say: (text: Text) => string
  home?: string
  zone?: string
  today?: Temporal.PlainDate
}

/**
 * The text of a first plan, with comments, that passes `bascule check`. The caller writes it to a file. Finds the
 * zone of this machine and the hosts of ~/.ssh/config, and asks for the rest. Throws Failure when the person breaks it off.
 */
export async function initPlan(options: InitOptions): Promise<string> {
  const { say } = options
  const known = await knownHosts(options.home ?? homedir())
  const today = options.today ?? Temporal.Now.plainDateISO()
  const defaults = defaultAnswers(today, options.zone ?? Temporal.Now.timeZoneId(), known)
  return writePlan(options.input ? await askAnswers(defaults, known, say) : defaults, say)
}
