import { exitCodes, Failure } from '../model/failure.ts'
import { now } from '../model/instant.ts'
import type { History } from '../model/run.ts'
import type { RunMode } from '../model/step.ts'
import { analysis } from '../views/analysis.ts'
import { analysisDocument } from '../views/analysis-document.ts'
import { analysisJson } from '../views/json.ts'
import { toHtml } from '../views/report-html.ts'
import { toMarkdown } from '../views/report-markdown.ts'
import { lastRunOf, runViewOf } from '../views/run-view.ts'
import type { CommandContext } from './command-context.ts'
import { openStored } from './migration.ts'
import { modes } from './status.ts'
import { textOption, type Verb } from './verb.ts'
import { writeDocument } from './write-document.ts'

/** Where the time of the last night went, from the journal alone: reads, changes nothing, asks no host. */
export const analyse: Verb = {
  name: 'analyse',
  group: 'look',
  summary: 'cli.analyse.summary',
  examples: 'cli.analyse.examples',
  options: [
    { flags: '--html', text: 'cli.report.option.html' },
    { flags: '--output', value: 'file', text: 'cli.report.option.output' },
    { flags: '--mode', value: 'mode', text: 'cli.option.mode', choices: modes },
  ],
  async run(context, call) {
    const asked = textOption(call, 'mode') as RunMode | undefined
    const modeOf = (history: History): RunMode => asked ?? lastTimed(history)
    const migration = await openStored(context, history => lastRunOf(history, modeOf(history)))
    const { plan, kinds, formatter, records, today = plan } = migration
    const { history } = records
    const mode = modeOf(history)
    if (lastRunOf(history, mode) === undefined) throw nothingRan(context)
    const runView = runViewOf({ plan: today, kinds, history, mode, now: now() })
    const view = analysis(runView, records.entries)
    if (view === undefined) throw nothingRan(context)
    const document = analysisDocument(view, runView, formatter)
    writeDocument(context, call, call.options.html === true ? toHtml(document) : toMarkdown(document))
    context.json({ plan: plan.name, ...analysisJson(view, formatter) })
    return undefined
  },
}

/** The night, as soon as there is one; before that the rehearsal, else what was prepared. */
const lastTimed = (history: History): RunMode =>
  (['live', 'rehearsal', 'preparation'] as const).find(mode => lastRunOf(history, mode) !== undefined) ??
  'live'

function nothingRan(context: CommandContext): Failure {
  return new Failure(
    { key: 'cli.analyse.nothing' },
    {
      remedy: { key: 'cli.type', values: { command: `${context.commandPrefix} status` } },
      exitCode: exitCodes.failure,
    },
  )
}
