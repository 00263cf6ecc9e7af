import type { JsonObject } from '../model/json.ts'
import type { RunView } from './run-view.ts'

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

export function transfersOf(results: Record<string, JsonObject>, runView: RunView): Transfer[] {
  return runView.runbook.steps.flatMap(({ id, component }) => {
    const { imageBytes, sentBytes, seconds } = (results[id]?.transfer ?? {}) as JsonObject
    if (typeof imageBytes !== 'number' || typeof sentBytes !== 'number' || typeof seconds !== 'number')
      return []
    return [{ step: id, component, imageBytes, sentBytes, seconds }]
  })
}
