import { exitCodes, Failure } from '../model/failure.ts'
import type { Loss, SignedGivenUp } from '../model/given-up.ts'
import type { SiteSide } from '../model/plan.ts'
import type { Run } from '../model/run.ts'
import type { MessageKey, Text } from '../model/text.ts'
import { askBeforeGivingUp } from '../run/given-up/before-giving-up.ts'
import { runbookOf } from '../run/recorded.ts'
import { type Line, type Style, span } from '../views/lines.ts'
import { endingReturnPathLines } from '../views/return-paths.ts'
import type { CommandContext } from './command-context.ts'
import type { StoredMigration } from './migration.ts'
import { type Call, textOption, type VerbOption } from './verb.ts'

export const withoutOptions: VerbOption[] = [
  { flags: '--without', value: 'site', text: 'cli.rollback.option.without', choices: ['target'] },
  { flags: '--isolated', value: 'text', text: 'cli.rollback.option.isolated' },
  { flags: '--and-by', value: 'name', text: 'cli.rollback.option.andBy' },
]

/**
 * What two people sign, with what it loses, which is shown. Undefined when both sites are to be asked. Throws Failure when
 * somebody has not signed, or when a host of that site answers: then it is not gone, and loses nothing by the usual way.
 */
export async function signedWithout(
  context: CommandContext,
  migration: StoredMigration,
  run: Run,
  call: Call,
): Promise<SignedGivenUp | undefined> {
  const side = textOption(call, 'without') as SiteSide | undefined
  const [isolated, and] = [textOption(call, 'isolated'), textOption(call, 'andBy')]
  if (side === undefined && (isolated ?? and) !== undefined)
    throw new Failure(
      { key: 'cli.rollback.whichSite' },
      { remedy: { key: 'cli.rollback.whichSite.remedy' }, exitCode: exitCodes.usage },
    )
  if (side === undefined) return undefined
  if (isolated === undefined || and === undefined)
    throw new Failure(
      { key: 'cli.rollback.unsigned' },
      { remedy: { key: 'cli.rollback.unsigned.remedy' }, exitCode: exitCodes.usage },
    )
  const site = migration.plan.sites[side].title
  const asked = { ...migration, history: migration.records.history, run }
  const { answering, silent, loses } = await askBeforeGivingUp(asked, side)
  if (answering.length > 0)
    throw new Failure(
      { key: 'cli.rollback.answers', values: { site, hosts: answering.join(', ') } },
      {
        remedy: {
          key: 'cli.rollback.answers.remedy',
          values: { command: `${context.commandPrefix} rollback --reason …` },
        },
      },
    )
  const signed = { side, silent, loses, isolated, and }
  const two: Text = { key: 'cli.rollback.twoPeople', values: { and } }
  context.printProgress(givenUpLines(context, signed, site, two))
  return signed
}

/** What people are to know before they sign, with what of it the journal alone tells; `signers`: who has signed, or is to. */
export function signingLines(
  context: CommandContext,
  { plan, records, formatter }: StoredMigration,
  run: Run,
  given: SignedGivenUp,
  signers: Text,
): Line[] {
  const { side } = given
  // what is signed of the source names no host: the executor fills in which were silent
  const silent = given.silent.length > 0 ? given.silent : (run.sitesAsked?.[side]?.silent ?? [])
  const lines = givenUpLines(context, { ...given, silent }, plan.sites[side].title, signers)
  if (side === 'target') return lines
  const seen = { plan, runbook: runbookOf(records.history, run), run }
  return [...lines, ...endingReturnPathLines(seen, formatter)]
}

/** What people are to know before they sign; `signers`: who has signed, or is to. */
export function givenUpLines(
  context: Pick<CommandContext, 'say'>,
  { side, isolated, silent, loses }: SignedGivenUp,
  site: string,
  signers: Text,
): Line[] {
  const line = (style: Style, text: Text, indent = ''): Line => [span(`${indent}${context.say(text)}`, style)]
  const silence: MessageKey = silent.length > 0 ? 'cli.rollback.silent' : 'cli.rollback.notSilent'
  return [
    line('warn', { key: silence, values: { site, hosts: silent.join(', ') } }),
    line('warn', { key: 'cli.rollback.isolated', values: { isolated } }),
    line('warn', signers),
    line('strong', { key: consequence(side, loses) }),
    ...loses.flatMap(({ component, text }) => text.map(one => line('bad', one, `  ${component}: `))),
  ]
}

/** Who goes on without the source loses nothing that was written, but the way back. */
function consequence(side: SiteSide, loses: readonly Loss[]): MessageKey {
  if (side === 'source') return 'cli.countersign.noWayBack'
  return loses.some(({ text }) => text.length > 0) ? 'cli.rollback.loses' : 'cli.rollback.losesNothing'
}
