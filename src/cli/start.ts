import { CommanderError } from 'commander'
import { chooseLanguage, type Language } from '../i18n/language.ts'
import { type ExitCode, exitCodes } from '../model/failure.ts'
import { CommandContext } from './command-context.ts'
import { completeShell } from './completion.ts'
import { earlyLanguage, readGlobalOptions, typedCommand } from './global-options.ts'
import { type Asked, buildProgram } from './program.ts'
import { showError } from './show-error.ts'
import { isAnswered, usageFailure } from './usage-error.ts'
import type { Verb } from './verb.ts'
import { verbs } from './verbs.ts'

type Environment = Record<string, string | undefined>
type Streams = ConstructorParameters<typeof CommandContext>[3]

/** The command line from its arguments to its exit code. Whatever is thrown on the way ends in `showError`. */
export async function main(argv: string[], env: Environment, streams: Streams): Promise<ExitCode> {
  let context = deskFor({}, chooseLanguage(undefined, env), env, streams)
  try {
    const language = chooseLanguage(earlyLanguage(argv), env)
    context = deskFor({ json: argv.includes('--json') }, language, env, streams)
    let asked: Asked | undefined
    const { say } = context
    const build = (some: readonly Verb[]) =>
      buildProgram(
        some,
        say,
        text => streams.stdout.write(text),
        async found => {
          asked = found
        },
      )
    if (completeShell(argv, () => build(verbs.filter(verb => verb.run || verb.verbs)))) return exitCodes.ok
    const program = build(verbs)
    if (argv.length === 0) program.help()
    await program.parseAsync(argv, { from: 'user' })
    if (!asked) return exitCodes.ok
    context = deskFor(asked.typed, language, env, streams)
    return (await asked.verb.run?.(context, asked.call)) ?? exitCodes.ok
  } catch (error) {
    if (!(error instanceof CommanderError)) return showError(error, context)
    if (isAnswered(error)) return error.exitCode === 0 || argv.length === 0 ? exitCodes.ok : exitCodes.usage
    const names = verbs.map(verb => verb.name)
    return showError(usageFailure(error, names), context)
  }
}

function deskFor(
  typed: Record<string, unknown>,
  language: Language,
  env: Environment,
  streams: Streams,
): CommandContext {
  return new CommandContext(readGlobalOptions(typed, env), language, typedCommand(typed), streams, env)
}
