import { Temporal } from 'temporal-polyfill'
import { forecast } from '../forecast/forecast.ts'
import { forecastNight } from '../forecast/forecast-night.ts'
import { residualsIn } from '../forecast/residuals.ts'
import { linkRate } from '../kinds/kit/link-rate.ts'
import type { Entry } from '../model/event.ts'
import { type ExitCode, exitCodes } from '../model/failure.ts'
import { now } from '../model/instant.ts'
import { rolesOf } from '../model/roles.ts'
import type { Text } from '../model/text.ts'
import { emptyRun } from '../run/empty-run.ts'
import { type KeptStep, readKept } from '../run/kept-calls.ts'
import { type KnownFacts, knownFrom, knownNow } from '../run/known-facts.ts'
import { auditSites } from '../run/read-only.ts'
import { readRecords } from '../run/stored-runs.ts'
import { compile } from '../runbook/compile.ts'
import type { Formatter } from '../views/formatter.ts'
import { span } from '../views/lines.ts'
import type { PlannedNight } from '../views/planned-night.ts'
import { nightCommandLines } from '../views/planned-night-commands.ts'
import { plannedNightJson } from '../views/planned-night-json.ts'
import { plannedNightLines } from '../views/planned-night-lines.ts'
import { findingJson, findingLines } from './audit.ts'
import type { CommandContext } from './command-context.ts'
import { onInterrupt } from './interrupt.ts'
import { type Migration, openMigration, planFiles } from './migration.ts'
import { writeNightPage } from './night-page.ts'
import { textOption, type Verb } from './verb.ts'

/** What the night will do, when, and how likely it fits its window. Runs nothing. */
export const plan: Verb = {
  name: 'plan',
  group: 'before',
  summary: 'cli.plan.summary',
  examples: 'cli.plan.examples',
  arguments: [{ name: 'files', text: 'cli.argument.files', optional: true, variadic: true }],
  options: [
    { flags: '--audit', text: 'cli.plan.audit' },
    { flags: '--html', value: 'file', text: 'cli.plan.html' },
    { flags: '--commands', text: 'cli.plan.commands' },
  ],
  async run(context, call) {
    const files = call.arguments.length > 0 ? call.arguments : planFiles(context)
    const migration = await openMigration(context, files)
    const { formatter } = migration
    const { entries } = readRecords(migration.stateDirectory)
    const known = await knownFacts(context, migration, call.options.audit === true ? [] : entries)
    const night = plannedNight(migration, known, entries)
    const exitCode = judge(night)
    const kept = call.options.commands === true ? keptOf(night, migration) : {}
    const blocking = known.findings.filter(({ level }) => level !== 'ok')
    const verdict = [
      span(context.say(verdictOf(night, formatter)), exitCode === exitCodes.ok ? 'good' : 'bad'),
    ]
    const html = textOption(call, 'html')
    if (html !== undefined) {
      await writeNightPage(context, html, night, files)
      context.print([verdict])
    } else {
      context.print([
        ...plannedNightLines(night, formatter),
        ...(call.options.commands === true ? nightCommandLines(night, kept, formatter) : []),
        ...(blocking.length > 0 ? [[], ...findingLines(blocking, formatter)] : []),
        [],
        verdict,
      ])
    }
    context.json({
      ...plannedNightJson(night, formatter, kept),
      findings: known.findings.map(finding => findingJson(finding, formatter)),
    })
    return exitCode
  },
}

/** What these entries of the journal know is taken as it is, with its age; where they know nothing, both sites are asked. */
async function knownFacts(
  context: CommandContext,
  migration: Migration,
  entries: readonly Entry[],
): Promise<KnownFacts> {
  const { plan: of, kinds } = migration
  const stored = knownFrom(entries, of, kinds)
  if (stored !== undefined) return stored
  const interrupt = onInterrupt(() =>
    context.printProgress([[span(context.say({ key: 'cli.look.stopping' }), 'warn')]]),
  )
  try {
    const audited = await auditSites({ ...migration, by: context.options.by, stop: interrupt.signal }, 'live')
    return knownNow(audited, of, now())
  } finally {
    interrupt.forget()
  }
}

function plannedNight(
  { plan: of, kinds }: Migration,
  known: KnownFacts,
  entries: readonly Entry[],
): PlannedNight {
  const { facts } = known
  const runbook = compile({ plan: of, kinds, mode: 'live', facts })
  const run = emptyRun(of, runbook)
  const { windowStart, windowEnd } = run
  const planned = forecast(runbook, run, of, Temporal.Instant.from(windowStart)).steps
  const night = { plan: of, runbook, now: now(), windowStart, windowEnd, known, planned }
  if (known.unknown.length > 0) return { ...night, planned: {} }
  const mbps = linkRate(rolesOf(of, kinds, facts))?.mbps
  const residuals = residualsIn(entries, kinds)
  const input = { plan: of, runbook, kinds, residuals, ...(mbps !== undefined && { linkMbps: mbps }) }
  return { ...night, forecast: forecastNight(input) }
}

/** What each step of the night did when it ran last. */
function keptOf({ runbook }: PlannedNight, { stateDirectory }: Migration): Record<string, KeptStep> {
  return Object.fromEntries(runbook.steps.map(({ id }) => [id, readKept(stateDirectory, id)]))
}

function judge({ forecast: simulated, known }: PlannedNight): ExitCode {
  if (simulated !== undefined && !simulated.fits) return exitCodes.windowInfeasible
  const isBlocked = simulated === undefined || known.findings.some(({ level }) => level === 'block')
  return isBlocked ? exitCodes.checksFailed : exitCodes.ok
}

function verdictOf({ forecast: simulated, known }: PlannedNight, formatter: Formatter): Text {
  if (simulated === undefined) {
    return { key: 'cli.plan.unknown', values: { components: known.unknown.join(', ') } }
  }
  const { chanceToFit, simulations, percentile, fits } = simulated
  const values = {
    chance: formatter.number(Math.floor(chanceToFit * 1000) / 10),
    ...{ simulations: formatter.number(simulations), percentile },
  }
  return { key: fits ? 'cli.plan.fits' : 'cli.plan.tooShort', values }
}
