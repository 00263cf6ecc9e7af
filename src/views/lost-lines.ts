import type { Entry, Event } from '../model/event.ts'

/** One time that something was lost: instants; without `to` when the run ended, or its program did, before it came back. */
type Loss = { from: string; to?: string }
export type LostLine = Loss & { component: string }
export type LostCopy = Loss & { host: string }

/** From the entries of one run, in the order in which the lines were lost. */
export const lostLines = (entries: readonly Entry[]): LostLine[] =>
  losses(entries, event => {
    if (event.type !== 'line.lost' && event.type !== 'line.back') return undefined
    const { type, component, watch } = event
    return { key: `${component}.${watch}`, isLost: type === 'line.lost', what: { component } }
  })

/** The same of the journal's copies. */
export const lostCopies = (entries: readonly Entry[]): LostCopy[] =>
  losses(entries, event => {
    if (event.type !== 'copy.lost' && event.type !== 'copy.back') return undefined
    const { type, host } = event
    return { key: host, isLost: type === 'copy.lost', what: { host } }
  })

function losses<What extends object>(
  entries: readonly Entry[],
  tell: (event: Event) => { key: string; isLost: boolean; what: What } | undefined,
): (What & Loss)[] {
  const lost: (What & Loss)[] = []
  const open = new Map<string, Loss>()
  for (const { at, event } of entries) {
    if (event.type === 'run.resumed') open.clear()
    const told = tell(event)
    if (told?.isLost === true) {
      const one = { ...told.what, from: at }
      lost.push(one)
      open.set(told.key, one)
    } else if (told !== undefined) {
      const one = open.get(told.key)
      if (one) one.to = at
      open.delete(told.key)
    }
  }
  return lost
}
