import { Argument, Command, Option } from 'commander'
import type { MessageKey, Text } from '../model/text.ts'
import { builtCommit, programVersion } from '../model/version.ts'
import { globalFlags } from './global-options.ts'
import { helpSettings } from './help.ts'
import { argumentIn, flagsIn, valueNames } from './value-names.ts'
import type { Call, Verb, VerbArgument, VerbGroup, VerbOption } from './verb.ts'

type Say = (text: Text) => string
/** What was asked for: the verb to run, with the options of all verbs as they were typed. */
export type Asked = { verb: Omit<Verb, 'group'>; call: Call; typed: Record<string, unknown> }
type Ask = (asked: Asked) => Promise<void>

const groupKeys: Record<VerbGroup, MessageKey> = {
  plan: 'cli.group.plan',
  before: 'cli.group.before',
  night: 'cli.group.night',
  people: 'cli.group.people',
  look: 'cli.group.look',
  tools: 'cli.group.tools',
}

/** The verbs as a command line, its help in one language. `ask` gets the verb that was typed. */
export function buildProgram(
  verbs: readonly Verb[],
  say: Say,
  write: (text: string) => void,
  ask: Ask,
): Command {
  const program = new Command('bascule')
    .description(say({ key: 'cli.summary' }))
    .usage(say({ key: 'cli.usage' }))
    .optionsGroup(say({ key: 'cli.heading.options' }))
    .version(versionLine(say), '-V, --version', say({ key: 'cli.option.version' }))
    .helpOption('-h, --help', say({ key: 'cli.option.help' }))
    .addHelpCommand(helpCommand(say))
    .configureHelp(helpSettings(say))
    .configureOutput({ writeOut: write, writeErr: write, outputError: () => {} })
    .exitOverride()
    .addHelpText('after', `\n${say({ key: 'cli.examples' })}\n`)
  for (const flag of globalFlags) program.addOption(globalOption(flag, say))
  for (const verb of verbs) {
    const command = commandOf(verb, program, say, ask)
    program.addCommand(command.helpGroup(say({ key: groupKeys[verb.group] })))
  }
  return program
}

/** What a report of a defect needs: the version alone does not tell which program it was. */
function versionLine(say: Say): string {
  const commit = builtCommit()
  const values = { version: programVersion(), node: process.versions.node }
  if (commit === undefined) return say({ key: 'cli.version.checkout', values })
  return say({ key: 'cli.version', values: { ...values, commit } })
}

function helpCommand(say: Say): Command {
  return new Command('help')
    .argument(`[${say({ key: valueNames.command })}]`)
    .helpOption(false)
    .description(say({ key: 'cli.help.summary' }))
    .helpGroup(say({ key: 'cli.group.tools' }))
}

function globalOption(flag: (typeof globalFlags)[number], say: Say): Option {
  const option = new Option(flagsIn(flag, say), say({ key: flag.text }))
  if ('choices' in flag) option.choices([...flag.choices])
  if ('repeatable' in flag) option.argParser((file: string, before?: string[]) => [...(before ?? []), file])
  return option
}

function commandOf(verb: Omit<Verb, 'group'>, parent: Command, say: Say, ask: Ask): Command {
  const command = new Command(verb.name)
    .copyInheritedSettings(parent)
    .description(say({ key: verb.summary }))
    .optionsGroup(say({ key: 'cli.heading.options' }))
    .helpOption('-h, --help', say({ key: 'cli.option.help' }))
    .commandsGroup(say({ key: 'cli.heading.verbs' }))
    .addHelpText(
      'after',
      `\n${say({ key: 'cli.heading.examples' })}\n${indent(say({ key: verb.examples }))}\n`,
    )
  for (const argument of verb.arguments ?? []) command.addArgument(verbArgument(argument, say))
  for (const option of verb.options ?? []) command.addOption(verbOption(option, say))
  for (const inner of verb.verbs ?? []) command.addCommand(commandOf(inner, command, say, ask))
  if (verb.verbs) return command.usage(say({ key: 'cli.usage' })).helpCommand(false)
  return command.action(async () => {
    const call = { arguments: command.args, options: command.opts() as Call['options'] }
    await ask({ verb, call, typed: command.optsWithGlobals() })
  })
}

function verbArgument({ text, choices, ...shape }: VerbArgument, say: Say): Argument {
  const argument = new Argument(argumentIn(shape, say), say({ key: text }))
  return choices ? argument.choices([...choices]) : argument
}

function verbOption({ text, choices, required, ...shape }: VerbOption, say: Say): Option {
  const option = new Option(flagsIn(shape, say))
  option.description = say({ key: text })
  if (choices) option.choices([...choices])
  return option.makeOptionMandatory(required === true)
}

const indent = (text: string): string => text.replaceAll(/^/gm, '  ')
