import { cell, type Section } from './document.ts'
import { clockSpan } from './lines.ts'
import type { Picture } from './picture.ts'
import type { Transfer } from './transfers.ts'
import type { Voice } from './voice.ts'

/** The whole beside what was sent of it, so that one sees that the window carried the difference alone. */
export function transfersSection(
  transfers: readonly Transfer[],
  picture: Picture,
  voice: Voice,
): Section | undefined {
  if (transfers.length === 0) return undefined
  const say = (key: string) => voice.say({ key })
  const titles = new Map(picture.runbook.steps.map(step => [step.id, voice.say(step.title)]))
  const caption = say('views.report.transfers')
  const columns = ['step', 'imageSize', 'sentSize', 'actual'].map(name => say(`views.report.${name}`))
  const rows = transfers.map(({ step, imageBytes, sentBytes, seconds }) => [
    cell(titles.get(step) ?? step),
    cell(voice.bytes(imageBytes)),
    cell(voice.bytes(sentBytes)),
    cell(clockSpan(seconds)),
  ])
  const table = { type: 'table' as const, caption, columns, figures: [1, 2, 3], rows }
  return { id: 'transfers', title: caption, blocks: [table] }
}
