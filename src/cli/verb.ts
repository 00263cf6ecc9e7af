import type { ExitCode } from '../model/failure.ts'
import type { MessageKey } from '../model/text.ts'
import type { CommandContext } from './command-context.ts'
import type { ValueName } from './value-names.ts'

/** One verb of the command line, as data: `program.ts` makes a command of it. */
export type Verb = VerbWords & {
  name: string
  group: VerbGroup
  arguments?: VerbArgument[]
  options?: VerbOption[]
  verbs?: Omit<Verb, 'group'>[]
  /** Absent when the verb only holds others. Returns nothing for success. */
  run?: (context: CommandContext, call: Call) => Promise<ExitCode | undefined>
}
/** What the help says of it, and the lines that it shows as examples. */
export type VerbWords = { summary: MessageKey; examples: MessageKey }
export type VerbGroup = 'plan' | 'before' | 'night' | 'people' | 'look' | 'tools'
export type VerbArgument = {
  name: ValueName
  text: MessageKey
  optional?: boolean
  variadic?: boolean
  choices?: readonly string[]
}
/** `flags` as commander reads them, e.g. `--gate`; without a `value` it is yes or no. */
export type VerbOption = {
  flags: string
  value?: ValueName
  text: MessageKey
  choices?: readonly string[]
  required?: boolean
}
/** What was typed: arguments in order, options by their camel-cased name. */
export type Call = { arguments: string[]; options: Record<string, string | boolean | undefined> }

export function textOption(call: Call, name: string): string | undefined {
  const value = call.options[name]
  return typeof value === 'string' ? value : undefined
}
