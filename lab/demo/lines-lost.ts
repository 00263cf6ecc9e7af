import type { Entry } from '../../src/model/event.ts'

/** `paused`: the transfers that were ended for it, by step; each went on when the line was back. */
export type LineLost = { component: string; lostAt: string; seconds: number | null; paused: string[] }

/** Every loss of a line that the journal has, oldest first. Null seconds: it never came back. */
export function linesLostIn(entries: readonly Entry[]): LineLost[] {
  const losses: (LineLost & { watch: string })[] = []
  for (const { at, event } of entries) {
    const open = losses.filter(({ seconds }) => seconds === null)
    if (event.type === 'line.lost')
      losses.push({ component: event.component, watch: event.watch, lostAt: at, seconds: null, paused: [] })
    else if (event.type === 'line.back')
      for (const loss of open.filter(one => one.component === event.component && one.watch === event.watch))
        loss.seconds = (Date.parse(at) - Date.parse(loss.lostAt)) / 1000
    else if (event.type === 'step.failed' && event.aborted === 'line-lost')
      for (const loss of open) loss.paused.push(event.step)
  }
  return losses.map(({ watch: _, ...loss }) => loss)
}
