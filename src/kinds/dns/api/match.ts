import { sameData } from '../data.ts'

type Entry = { id: string; data: string }
/** What makes the entries of one set say the wanted values: `kept` and `changed` exist, `added` do not, `removed` go. */
type Matched = {
  kept: Entry[]
  changed: Entry[]
  added: string[]
  removed: string[]
}

/**
 * For APIs that know a record by an id of its own. An entry that says a wanted value keeps it, so that no two ever say the
 * same on the way; the others take the values that are left.
 */
export function matchEntries(type: string, entries: Entry[], wanted: string[]): Matched {
  const left = [...wanted]
  const kept: Entry[] = []
  const free: Entry[] = []
  for (const entry of entries) {
    const at = left.findIndex(value => sameData(type, [value], [entry.data]))
    if (at === -1) free.push(entry)
    else {
      left.splice(at, 1)
      kept.push(entry)
    }
  }
  const changed = free.slice(0, left.length).map(({ id }, index) => ({ id, data: left[index] as string }))
  return {
    kept,
    changed,
    added: left.slice(changed.length),
    removed: free.slice(changed.length).map(({ id }) => id),
  }
}

/** `www` of `www.techcorp.test`; `apex` for the zone itself. */
export function relativeName(name: string, zone: string, apex: string): string {
  return name === zone ? apex : name.slice(0, -zone.length - 1)
}
