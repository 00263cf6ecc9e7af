import { type Command, CommanderError } from 'commander'
import { chooseLanguage, type Language } from '../i18n/language.ts'
import { type ExitCode, exitCodes } from '../model/failure.ts'
import { CommandContext } from './command-context.ts'
import { earlyLanguage, readGlobalOptions, typedCommand } from './global-options.ts'
import { type Asked, buildProgram } from './program.ts'
import { isAnswered, usageFailure } from './usage-error.ts'
import type { Verb } from './verb.ts'
import { loadVerbs, verbFiles, verbsIn } from './verb-files.ts'

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
    const verbs = await loadVerbs(verbsIn(argv))
    if (await completed(argv, () => build(verbs.filter(verb => verb.run || verb.verbs)))) return exitCodes.ok
    const program = build(verbs)
    if (argv.length === 0) program.help()
    await program.parseAsync(argv, { from: 'user' })
    if (!asked) return exitCodes.ok
    context = deskFor(asked.typed, language, env, streams)
    return (await asked.verb.run?.(context, asked.call)) ?? exitCodes.ok
  } catch (error) {
    if (!(error instanceof CommanderError)) return showError(error, context)
    if (isAnswered(error)) return error.exitCode === 0 || argv.length === 0 ? exitCodes.ok : exitCodes.usage
    return showError(usageFailure(error, Object.keys(verbFiles)), context)
  }
}

/** Its library, and what tells an error, are loaded when they are needed. */
async function completed(argv: readonly string[], build: () => Command): Promise<boolean> {
  if (argv[0] !== 'complete' && argv[0] !== 'completion') return false
  const { completeShell } = await import('./completion.ts')
  return completeShell(argv, build)
}

async function showError(error: unknown, context: CommandContext): Promise<ExitCode> {
  const { showError: show } = await import('./show-error.ts')
  return show(error, context)
}

function deskFor(
  typed: Record<string, unknown>,
  language: Language,
  env: Environment,
  streams: Streams,
): CommandContext {
  return new CommandContext(readGlobalOptions(typed, env), language, typedCommand(typed), streams, env)
}
