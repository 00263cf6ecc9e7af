import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { exitCodes, Failure } from '../model/failure.ts'
import { now } from '../model/instant.ts'
import type { Plan } from '../model/plan.ts'
import { parseDay } from '../plan/days.ts'
import { calendarOf, todayOf } from '../views/calendar.ts'
import { calendarDocument } from '../views/calendar-document.ts'
import { personFiles, wholeFile } from '../views/calendar-ics.ts'
import { calendarLines } from '../views/calendar-lines.ts'
import { span } from '../views/lines.ts'
import { toHtml } from '../views/report-html.ts'
import type { CommandContext } from './command-context.ts'
import { unwritable } from './file-failures.ts'
import { openStored } from './migration.ts'
import { type Call, textOption, type Verb } from './verb.ts'
import { writeTo } from './write-document.ts'

/** Who does what on which day: from the plan's phases, notices and people, with what the journal knows. Asks no host. */
export const calendar: Verb = {
  name: 'calendar',
  group: 'plan',
  summary: 'cli.calendar.summary',
  examples: 'cli.calendar.examples',
  options: [
    { flags: '--on', value: 'day', text: 'cli.calendar.option.on' },
    { flags: '--html', value: 'file', text: 'cli.calendar.option.html' },
    { flags: '--ics', value: 'path', text: 'cli.calendar.option.ics' },
  ],
  async run(context, call) {
    const { plan: recorded, today: written, records, formatter } = await openStored(context)
    const plan = written ?? recorded
    const at = now()
    const view = calendarOf(plan, records.history, dayAsked(call) ?? todayOf(plan, at))
    const html = textOption(call, 'html')
    if (html !== undefined) write(context, html, toHtml(calendarDocument(view, formatter)))
    const ics = textOption(call, 'ics')
    if (ics !== undefined) writeCalendars(context, ics, plan, at)
    if (html === undefined && ics === undefined) context.print(calendarLines(view, formatter))
    context.json(view)
    return undefined
  },
}

function dayAsked(call: Call): number | undefined {
  const text = textOption(call, 'on')
  if (text === undefined) return undefined
  const day = parseDay(text)
  if (day !== undefined) return day
  throw new Failure(
    { key: 'cli.calendar.badDay', values: { day: text } },
    { remedy: { key: 'cli.calendar.badDay.remedy' }, exitCode: exitCodes.usage },
  )
}

/** A path that ends in `.ics` is one file with everybody's days; any other is a folder with a file for each person. */
function writeCalendars(context: CommandContext, path: string, plan: Plan, at: string): void {
  const { say } = context
  if (path.toLowerCase().endsWith('.ics')) {
    write(context, path, wholeFile(plan, say, at))
    return
  }
  try {
    mkdirSync(path, { recursive: true })
  } catch (cause) {
    throw unwritable(path, cause)
  }
  for (const { name, text } of personFiles(plan, say, at)) write(context, join(path, name), text)
}

function write(context: CommandContext, file: string, text: string): void {
  writeTo(file, text)
  context.printProgress([[span(context.say({ key: 'cli.calendar.written', values: { file } }))]])
}
