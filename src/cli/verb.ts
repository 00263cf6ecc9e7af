import type { ExitCode } from '../model/failure.ts'
import type { CommandContext } from './command-context.ts'

/**
 * One verb of the command line, as data: `program.ts` makes a command of it. Its texts are the catalogue entries
 * `cli.<name>.summary`, `cli.<name>.examples` and `cli.<name>.option.<option>` (`cli.journal.verify.…` for a verb of a verb).
 */
export type Verb = {
  name: string
  group: VerbGroup
  arguments?: VerbArgument[]
  options?: VerbOption[]
  verbs?: Omit<Verb, 'group'>[]
  /** Absent when the verb only holds others. Returns nothing for success. */
  run?: (context: CommandContext, call: Call) => Promise<ExitCode | undefined>
}
export type VerbGroup = 'plan' | 'before' | 'night' | 'people' | 'look' | 'tools'
/** `name`: the catalogue entry `cli.argument.<name>` says what it is. */
export type VerbArgument = {
  name: string
  optional?: boolean
  variadic?: boolean
  choices?: readonly string[]
}
/** `flags` as commander reads them, e.g. `--gate <gate>`; without a value in them it is yes or no. */
export type VerbOption = { flags: string; choices?: readonly string[]; required?: boolean }
/** What was typed: arguments in order, options by their camel-cased name. */
export type Call = { arguments: string[]; options: Record<string, string | boolean | undefined> }

export function textOption(call: Call, name: string): string | undefined {
  const value = call.options[name]
  return typeof value === 'string' ? value : undefined
}
