import type { Entry } from '../model/event.ts'

/** One time that a line was lost: instants; without `to` when the run ended, or its program did, before it came back. */
export type LostLine = { component: string; from: string; to?: string }

/** From the entries of one run, in the order in which the lines were lost. */
export function lostLines(entries: readonly Entry[]): LostLine[] {
  const lost: LostLine[] = []
  const open = new Map<string, LostLine>()
  for (const { at, event } of entries) {
    if (event.type === 'run.resumed') open.clear()
    if (event.type !== 'line.lost' && event.type !== 'line.back') continue
    const key = `${event.component}.${event.watch}`
    if (event.type === 'line.lost') {
      const one: LostLine = { component: event.component, from: at }
      lost.push(one)
      open.set(key, one)
    } else {
      const one = open.get(key)
      if (one) one.to = at
      open.delete(key)
    }
  }
  return lost
}
