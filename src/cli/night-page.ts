import { checkPlan } from '../plan/check.ts'
import { span } from '../views/lines.ts'
import { type NightFinding, nightDocument } from '../views/night-document.ts'
import type { PlannedNight } from '../views/planned-night.ts'
import { toHtml } from '../views/report-html.ts'
import type { CommandContext } from './command-context.ts'
import { writeTo } from './write-document.ts'

/** What `bascule check` finds in the plan stands on the page too, at its lines, and what the audit found, at its components. */
export async function writeNightPage(
  context: CommandContext,
  file: string,
  night: PlannedNight,
  files: readonly string[],
): Promise<void> {
  const formatter = context.formatter(night.plan)
  const { findings } = await checkPlan(files, await context.kinds(), context.language)
  const written = findings.flatMap(({ level, file: of, line, column, message, remedy }): NightFinding[] =>
    level === 'note' ? [] : [{ level, place: `${of}:${line}:${column}`, text: message, remedy }],
  )
  const audited = night.known.findings.flatMap(({ level, component, text, remedy }): NightFinding[] =>
    level === 'ok'
      ? []
      : [
          {
            ...{ level, place: component, text: formatter.say(text) },
            ...(remedy && { remedy: formatter.say(remedy) }),
          },
        ],
  )
  writeTo(file, toHtml(nightDocument(night, [...written, ...audited], formatter)))
  context.printProgress([[span(context.say({ key: 'cli.calendar.written', values: { file } }))]])
}
