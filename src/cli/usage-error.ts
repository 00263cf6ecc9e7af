import type { CommanderError } from 'commander'
import { exitCodes, Failure } from '../model/failure.ts'
import type { MessageKey } from '../model/text.ts'
import { nearestName } from '../plan/nearest.ts'

const keys: Record<string, MessageKey> = {
  'commander.unknownOption': 'cli.usage.unknownOption',
  'commander.unknownCommand': 'cli.usage.unknownVerb',
  'commander.missingArgument': 'cli.usage.missingArgument',
  'commander.optionMissingArgument': 'cli.usage.optionWithoutValue',
  'commander.missingMandatoryOptionValue': 'cli.usage.missingOption',
  'commander.invalidArgument': 'cli.usage.invalidValue',
  'commander.excessArguments': 'cli.usage.excessArguments',
}

/** Help and version were asked for, and shown. */
export function isAnswered(error: CommanderError): boolean {
  return ['commander.helpDisplayed', 'commander.help', 'commander.version'].includes(error.code)
}

/** What commander found wrong, as a Failure in our words, with the nearest verb and how to see the help. */
export function usageFailure(error: CommanderError, verbs: readonly string[]): Failure {
  const key = keys[error.code] ?? 'cli.usage.other'
  const quoted = [...error.message.matchAll(/'([^']+)'/g)].map(match => match[1] ?? '')
  const [what = '', second = ''] = quoted
  const suggested = /Did you mean (?:one of )?([^?]+)\?/.exec(error.message)?.[1]
  const nearest = error.code === 'commander.unknownCommand' ? nearestName(what, verbs) : suggested
  const allowed = /Allowed choices are (.+?)\.$/m.exec(error.message)?.[1] ?? ''
  const values = { what, second, allowed, message: error.message.replace(/^error: /, '') }
  return new Failure(
    { key: error.code === 'commander.invalidArgument' && !allowed ? 'cli.usage.other' : key, values },
    {
      remedy: nearest ? { key: 'cli.usage.nearest', values: { nearest } } : { key: 'cli.usage.seeHelp' },
      exitCode: exitCodes.usage,
      cause: error,
    },
  )
}
