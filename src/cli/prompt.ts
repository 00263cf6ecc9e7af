import { confirm, isCancel } from '@clack/prompts'
import type { Text } from '../model/text.ts'
import type { CommandContext } from './command-context.ts'

/** Asked only of a person at a terminal; what was typed in a script was meant. */
export async function confirmed(context: CommandContext, question: Text): Promise<boolean> {
  if (!canAsk(context)) return true
  const answer = await confirm({
    message: context.say(question),
    initialValue: false,
    output: process.stderr,
  })
  return !isCancel(answer) && answer
}

export function canAsk(context: CommandContext): boolean {
  return (
    context.options.input &&
    !context.options.json &&
    process.stdin.isTTY === true &&
    context.stderr.isTTY === true
  )
}
