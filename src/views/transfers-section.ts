import type { MessageKey } from '../model/text.ts'
import { cell, type Section } from './document.ts'
import type { Formatter } from './formatter.ts'
import { clockSpan } from './lines.ts'
import type { RunView } from './run-view.ts'
import type { Transfer } from './transfers.ts'

/** The whole beside what was sent of it, so that one sees that the window carried the difference alone. */
export function transfersSection(
  transfers: readonly Transfer[],
  runView: RunView,
  formatter: Formatter,
): Section | undefined {
  if (transfers.length === 0) return undefined
  const say = (key: MessageKey) => formatter.say({ key })
  const titles = new Map(runView.runbook.steps.map(step => [step.id, formatter.say(step.title)]))
  const caption = say('views.report.transfers')
  const columns = (
    ['views.report.step', 'views.report.imageSize', 'views.report.sentSize', 'views.report.actual'] as const
  ).map(say)
  const rows = transfers.map(({ step, imageBytes, sentBytes, seconds }) => [
    cell(titles.get(step) ?? step),
    cell(formatter.bytes(imageBytes)),
    cell(formatter.bytes(sentBytes)),
    cell(clockSpan(seconds)),
  ])
  const table = { type: 'table' as const, caption, columns, figures: [1, 2, 3], rows }
  return { id: 'transfers', title: caption, blocks: [table] }
}
