import { type ExitCode, exitCodes } from '../model/failure.ts'
import { now } from '../model/instant.ts'
import type { MessageKey } from '../model/text.ts'
import { preflight as lookAhead, type Preflight } from '../run/read-only.ts'
import { checkLine } from '../views/gate-lines.ts'
import { checkJson } from '../views/json.ts'
import { type Line, span } from '../views/lines.ts'
import { measuredRows } from '../views/measured.ts'
import { findingJson, findingLines } from './audit.ts'
import { onInterrupt } from './interrupt.ts'
import { type Migration, openMigration } from './migration.ts'
import type { Verb } from './verb.ts'

/** Everything that could say NO-GO, asked ahead: findings, the first gate's checks, and whether the window holds. */
export const preflight: Verb = {
  name: 'preflight',
  group: 'before',
  summary: 'cli.preflight.summary',
  examples: 'cli.preflight.examples',
  async run(context) {
    const migration = await openMigration(context)
    const { plan, formatter } = migration
    const interrupt = onInterrupt(() =>
      context.printProgress([[span(context.say({ key: 'cli.look.stopping' }), 'warn')]]),
    )
    const ahead = await lookAhead({ ...migration, by: context.options.by, stop: interrupt.signal })
    interrupt.forget()
    const rows = measuredRows({ plan, runbook: ahead.runbook, checks: ahead.checks, now: now() })
    const exitCode = judge(ahead)
    context.print([
      ...findingLines(ahead.findings, formatter),
      [],
      ...rows.map(row => checkLine(row, formatter)),
      [],
      ...forecastLines(ahead, migration),
      [span(formatter.say({ key: verdictOf(exitCode) }), exitCode === exitCodes.ok ? 'good' : 'bad')],
    ])
    context.json({
      plan: plan.name,
      ready: exitCode === exitCodes.ok,
      feasible: ahead.isFeasible,
      findings: ahead.findings.map(finding => findingJson(finding, formatter)),
      checks: rows.map(row => checkJson(row, formatter)),
      forecast: ahead.forecast,
    })
    return exitCode
  },
}

function judge({ isFeasible, ready }: Preflight): ExitCode {
  if (!isFeasible) return exitCodes.windowInfeasible
  return ready ? exitCodes.ok : exitCodes.checksFailed
}

function verdictOf(exitCode: ExitCode): MessageKey {
  if (exitCode === exitCodes.ok) return 'cli.preflight.ready'
  return exitCode === exitCodes.windowInfeasible ? 'cli.preflight.infeasible' : 'cli.preflight.blocked'
}

function forecastLines({ forecast }: Preflight, { formatter }: Migration): Line[] {
  const values = {
    finish: formatter.moment(forecast.projectedFinish),
    steps: forecast.criticalPath.join(' → '),
  }
  return [
    [span(formatter.say({ key: 'cli.preflight.finish', values }))],
    [span(formatter.say({ key: 'cli.preflight.criticalPath', values }), 'dim')],
  ]
}
