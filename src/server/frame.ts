import type { Entry } from '../model/event.ts'
import { eventLine } from '../views/event-line.ts'
import { clocksPart } from './page/clocks.ts'
import { ganttPart } from './page/gantt.ts'
import { gatesPart } from './page/gates.ts'
import { headPart } from './page/head.ts'
import { logEntry } from './page/log.ts'
import { sealPart } from './page/seal.ts'
import { stepsPart } from './page/steps.ts'
import { waitingPart } from './page/waiting.ts'
import type { Seen } from './source.ts'

/** The parts of the page that are drawn anew when they change, by the id of their element. */
const parts = {
  head: headPart,
  clocks: clocksPart,
  waiting: waitingPart,
  steps: stepsPart,
  gates: gatesPart,
  gantt: ganttPart,
  seal: sealPart,
} as const
export type PartName = keyof typeof parts
export const partNames = Object.keys(parts) as PartName[]

export type LogEntry = { id: string; html: string }
/** The page at one moment, in one language. */
export type Frame = {
  seen: Seen
  /** What `status --json` prints, without the line's end. */
  json: string
  /** The same without what passes with time alone: what a page is told anew. */
  gist: string
  parts: Record<PartName, string>
  /** Of the last run; an older page is of another. */
  run: string
  /** Entry of the journal that this shows, as `<sequence>-<hash>`. */
  last: string
}

export function frameOf(seen: Seen): Frame {
  const drawn = partNames.map(name => [name, String(parts[name](seen))])
  const last = seen.entries.at(-1)
  const { now: _now, ...lasting } = seen.status
  return {
    seen,
    json: JSON.stringify(seen.status, null, 2),
    gist: JSON.stringify([last?.hash, lasting.executing, lasting.ordersStored]),
    parts: Object.fromEntries(drawn) as Record<PartName, string>,
    run: seen.night?.runView.run?.id ?? '',
    last: last === undefined ? '' : idOf(last),
  }
}

/** The hash, because another journal may stand at the same place by now. */
const idOf = ({ sequence, hash }: Entry): string => `${sequence}-${hash.slice(0, 12)}`

/** Longer logs are for `bascule journal show`. */
const mostEntries = 300

/**
 * The log of the run after the entry that a page has seen last; from its beginning where it has seen none. Undefined where that entry
 * is not in this journal.
 */
export function logSince({ seen, run }: Frame, last: string): LogEntry[] | undefined {
  const { entries, night, formatter } = seen
  const from = last === '' ? 0 : Number(last.split('-')[0])
  const before = from === 0 ? undefined : entries[from - 1]
  if (from > 0 && (before === undefined || idOf(before) !== last)) return undefined
  if (night === undefined || run === '') return []
  return entries
    .slice(from)
    .filter(entry => entry.run === run)
    .flatMap(entry => {
      const line = eventLine(entry, night.runView, formatter)
      return line ? [{ id: idOf(entry), html: String(logEntry(idOf(entry), line)) }] : []
    })
    .slice(-mostEntries)
}
