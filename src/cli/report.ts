import { readFileSync } from 'node:fs'
import { exitCodes, Failure } from '../model/failure.ts'
import { now } from '../model/instant.ts'
import type { EvidenceForm } from '../model/kind.ts'
import type { History } from '../model/run.ts'
import type { RunMode } from '../model/step.ts'
import { sealOf } from '../run/stored-runs.ts'
import { type Evidence, evidenceForms, readEvidence } from '../views/evidence.ts'
import { reportJson } from '../views/json.ts'
import { report as reportOf } from '../views/report.ts'
import { reportDocument } from '../views/report-document.ts'
import { toHtml } from '../views/report-html.ts'
import { toMarkdown } from '../views/report-markdown.ts'
import { lastRunOf, runViewOf } from '../views/run-view.ts'
import type { CommandContext } from './command-context.ts'
import { unreadable } from './file-failures.ts'
import { openStored } from './migration.ts'
import { modes } from './status.ts'
import { type Call, textOption, type Verb } from './verb.ts'
import { writeDocument } from './write-document.ts'

/** What happened, from the journal: Markdown, or one HTML page, on stdout or in a file. */
export const report: Verb = {
  name: 'report',
  group: 'look',
  summary: 'cli.report.summary',
  examples: 'cli.report.examples',
  options: [
    { flags: '--html', text: 'cli.report.option.html' },
    { flags: '--output', value: 'file', text: 'cli.report.option.output' },
    { flags: '--mode', value: 'mode', text: 'cli.option.mode', choices: modes },
    { flags: '--evidence', value: 'file', text: 'cli.report.option.evidence' },
  ],
  async run(context, call) {
    const asked = textOption(call, 'mode') as RunMode | undefined
    const modeOf = (history: History): RunMode => asked ?? lastReported(history)
    const migration = await openStored(context, history => lastRunOf(history, modeOf(history)))
    const { plan, kinds, stateDirectory, formatter, records, today = plan } = migration
    const { history } = records
    if (history.runs.length === 0) throw nothingRan(context)
    const runView = runViewOf({ plan: today, kinds, history, mode: modeOf(history), now: now() })
    const journal = sealOf(stateDirectory, records.entries)
    const forms = evidenceForms(kinds)
    const view = reportOf(
      { runView, entries: records.entries, journal, evidence: evidenceOf(call, forms) },
      formatter,
    )
    const document = reportDocument(view, runView, formatter, forms)
    writeDocument(context, call, call.options.html === true ? toHtml(document) : toMarkdown(document))
    context.json({ plan: plan.name, ...reportJson(view, formatter) })
    return undefined
  },
}

/** The closing has nothing that a report of the night has not. */
const lastReported = (history: History): RunMode =>
  history.runs.findLast(run => run.mode !== 'close')?.mode ?? 'live'

function nothingRan(context: CommandContext): Failure {
  return new Failure(
    { key: 'cli.report.nothing' },
    {
      remedy: { key: 'cli.type', values: { command: `${context.commandPrefix} status` } },
      exitCode: exitCodes.failure,
    },
  )
}

function evidenceOf(call: Call, forms: Record<string, EvidenceForm>): Evidence {
  const file = textOption(call, 'evidence')
  if (file === undefined) return {}
  return readEvidence(file, readFileOrFail(file), forms)
}

function readFileOrFail(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw unreadable(file, cause)
  }
}
