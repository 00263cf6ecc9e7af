import { confirm, isCancel } from '@clack/prompts'
import type { Text } from '../model/text.ts'
import type { Desk } from './desk.ts'

/** Asked only of a person at a terminal; what was typed in a script was meant. */
export async function confirmed(desk: Desk, question: Text): Promise<boolean> {
  if (!canAsk(desk)) return true
  const answer = await confirm({ message: desk.say(question), initialValue: false, output: process.stderr })
  return !isCancel(answer) && answer
}

export function canAsk(desk: Desk): boolean {
  return (
    desk.options.input && !desk.options.json && process.stdin.isTTY === true && desk.stderr.isTTY === true
  )
}
