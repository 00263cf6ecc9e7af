import { type ExitCode, exitCodes } from '../model/failure.ts'
import { preflight as lookAhead, type Preflight } from '../run/look.ts'
import type { CheckRow } from '../views/gates.ts'
import { checkJson } from '../views/json.ts'
import { type Line, span } from '../views/lines.ts'
import { findingJson, findingLines } from './audit.ts'
import { onInterrupt } from './interrupt.ts'
import { measuredLines, measuredRows } from './measured.ts'
import { type Migration, openMigration } from './migration.ts'
import type { Verb } from './verb.ts'

/** Everything that could say NO-GO, asked ahead: findings, the first gate's checks, and whether the window holds. */
export const preflight: Verb = {
  name: 'preflight',
  group: 'prepare',
  async run(desk) {
    const migration = await openMigration(desk)
    const { plan, voice } = migration
    const interrupt = onInterrupt(() => desk.tell([[span(desk.say({ key: 'cli.look.stopping' }), 'warn')]]))
    const ahead = await lookAhead({ ...migration, by: desk.options.by, stop: interrupt.signal })
    interrupt.forget()
    const rows = measuredRows(desk, migration, ahead.checks)
    const exitCode = judge(ahead, rows)
    desk.print([
      ...findingLines(ahead.findings, voice),
      [],
      ...measuredLines(rows, migration),
      [],
      ...forecastLines(ahead, migration),
      [span(voice.say({ key: verdictOf(exitCode) }), exitCode === exitCodes.ok ? 'good' : 'bad')],
    ])
    desk.json({
      plan: plan.name,
      ready: exitCode === exitCodes.ok,
      feasible: ahead.isFeasible,
      findings: ahead.findings.map(finding => findingJson(finding, voice)),
      checks: rows.map(row => checkJson(row, voice)),
      forecast: ahead.forecast,
    })
    return exitCode
  },
}

function judge(ahead: Preflight, rows: readonly CheckRow[]): ExitCode {
  if (!ahead.isFeasible) return exitCodes.windowInfeasible
  const blocked = ahead.findings.some(finding => finding.level === 'block')
  const failed = rows.some(row => row.state !== 'passed' && row.onFailure !== 'alert')
  return blocked || failed ? exitCodes.checksFailed : exitCodes.ok
}

function verdictOf(exitCode: ExitCode): string {
  if (exitCode === exitCodes.ok) return 'cli.preflight.ready'
  return exitCode === exitCodes.windowInfeasible ? 'cli.preflight.infeasible' : 'cli.preflight.blocked'
}

function forecastLines({ forecast }: Preflight, { voice }: Migration): Line[] {
  const values = { finish: voice.moment(forecast.projectedFinish), steps: forecast.criticalPath.join(' → ') }
  return [
    [span(voice.say({ key: 'cli.preflight.finish', values }))],
    [span(voice.say({ key: 'cli.preflight.criticalPath', values }), 'dim')],
  ]
}
