import { exitCodes, Failure } from '../model/failure.ts'
import type { SignedGivenUp } from '../model/given-up.ts'
import type { SiteSide } from '../model/plan.ts'
import type { Run } from '../model/run.ts'
import { askBeforeGivingUp } from '../run/given-up/before-giving-up.ts'
import { type Line, span } from '../views/lines.ts'
import type { CommandContext } from './command-context.ts'
import type { StoredMigration } from './migration.ts'
import { type Call, textOption, type VerbOption } from './verb.ts'

export const withoutOptions: VerbOption[] = [
  { flags: '--without <site>', text: 'cli.rollback.option.without', choices: ['target'] },
  { flags: '--isolated <how>', text: 'cli.rollback.option.isolated' },
  { flags: '--and-by <name>', text: 'cli.rollback.option.andBy' },
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
  context.printProgress(givenUpLines(context, signed, site, context.options.by))
  return signed
}

export function givenUpLines(
  context: CommandContext,
  { isolated, and, silent, loses }: SignedGivenUp,
  site: string,
  first: string,
): Line[] {
  const values = { site, hosts: silent.join(', '), isolated, by: `${first}, ${and}` }
  const lost = loses.flatMap(({ component, text }) =>
    text.map((one): Line => [span(`  ${component}: ${context.say(one)}`, 'bad')]),
  )
  return [
    [span(context.say({ key: 'cli.rollback.isolatedBy', values }), 'warn')],
    [
      span(
        context.say({ key: lost.length > 0 ? 'cli.rollback.loses' : 'cli.rollback.losesNothing' }),
        'strong',
      ),
    ],
    ...lost,
  ]
}
