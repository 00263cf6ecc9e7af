import type { JsonObject } from '../model/json.ts'
import { cell, type Section } from './document.ts'
import { clockSpan } from './lines.ts'
import type { Picture } from './picture.ts'
import type { Voice } from './voice.ts'

/**
 * What a step sent of something that would have been larger as a whole: `transfer: {imageBytes, sentBytes, seconds}` in its
 * result, whatever its component's kind.
 */
export type Transfer = {
  step: string
  component: string
  imageBytes: number
  sentBytes: number
  seconds: number
}

export function transfersOf(results: Record<string, JsonObject>, picture: Picture): Transfer[] {
  return picture.runbook.steps.flatMap(({ id, component }) => {
    const { imageBytes, sentBytes, seconds } = (results[id]?.transfer ?? {}) as JsonObject
    if (typeof imageBytes !== 'number' || typeof sentBytes !== 'number' || typeof seconds !== 'number')
      return []
    return [{ step: id, component, imageBytes, sentBytes, seconds }]
  })
}

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
