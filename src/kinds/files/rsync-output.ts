/** How one entry differs. `damaged`: other content under the same size and time, which no honest write leaves. */
export type Difference = 'created' | 'content' | 'damaged' | 'attributes' | 'deleted'
export type Item = { name: string; difference: Difference }

/**
 * What an rsync did or, dry, would do. Sizes in bytes; `sentBytes` is the size of the files sent, `keptBytes` what of them the
 * receiver had already (from an attempt that was cut short, or of an older version) and did not travel.
 */
export type SyncReport = {
  entries: number
  totalBytes: number
  sentFiles: number
  sentBytes: number
  keptBytes: number
  deleted: number
  /** Entries that differ, by how. Counted only when rsync was told to itemize. */
  differences: Record<Difference, number>
  /** The first few that differ, as rsync prints them (control characters as `\#ooo`). */
  examples: string[]
}

const mostExamples = 10

/** Bytes done, from a line of `--info=progress2`; undefined for any other line. */
export function parseProgress(line: string): number | undefined {
  const match = /^\s*(\d+)\s+\d+%\s+\S+\/s\s/.exec(line)
  return match?.[1] === undefined ? undefined : Number(match[1])
}

/** A line of `--out-format="%i %n"`; undefined for any other line, and for what does not differ. */
export function parseItem(line: string): Item | undefined {
  const deletion = /^\*deleting\s+(.+)$/.exec(line)
  if (deletion?.[1] !== undefined) return { name: deletion[1], difference: 'deleted' }
  const match = /^([<>ch.])([fdLDS])([.+ ?a-zA-Z]{9}) (.+)$/.exec(line)
  if (match === null) return undefined
  const [, change = '', type = '', flags = '', name = ''] = match
  if (flags.startsWith('+')) return { name, difference: 'created' }
  const moved = change === '<' || change === '>' || (change !== '.' && type !== 'd')
  if (!moved) return { name, difference: 'attributes' }
  const damaged = flags[0] === 'c' && flags[1] === '.' && flags[2] === '.'
  return { name, difference: damaged ? 'damaged' : 'content' }
}

/** The number after a label of `--info=stats2`, which `--no-h` leaves without separators; undefined for other lines. */
export function parseStatistic(line: string): { label: string; value: number } | undefined {
  const match = /^([A-Z][\w ]+): (\d+)/.exec(line)
  return match?.[1] === undefined ? undefined : { label: match[1], value: Number(match[2]) }
}

/** Reads rsync's lines as they come. `onBytes` hears how many bytes of files are done. */
export function syncReader(onBytes: (bytes: number) => void = () => {}) {
  const statistics = new Map<string, number>()
  const differences = { created: 0, content: 0, damaged: 0, attributes: 0, deleted: 0 }
  const examples: string[] = []
  function onLine(line: string): void {
    const bytes = parseProgress(line)
    if (bytes !== undefined) {
      onBytes(bytes)
      return
    }
    const item = parseItem(line)
    if (item !== undefined) {
      differences[item.difference] += 1
      if (examples.length < mostExamples) examples.push(item.name)
      return
    }
    const statistic = parseStatistic(line)
    if (statistic !== undefined) statistics.set(statistic.label, statistic.value)
  }
  function report(): SyncReport {
    const value = (label: string): number => statistics.get(label) ?? 0
    return {
      entries: value('Number of files'),
      totalBytes: value('Total file size'),
      sentFiles: value('Number of regular files transferred'),
      sentBytes: value('Total transferred file size'),
      keptBytes: value('Matched data'),
      deleted: Math.max(value('Number of deleted files'), differences.deleted),
      differences,
      examples,
    }
  }
  return { onLine, report }
}

/** How many entries differ in any way. */
export const countDifferences = ({ differences }: SyncReport): number =>
  Object.values(differences).reduce((sum, count) => sum + count, 0)
