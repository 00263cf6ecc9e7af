import { closeSync, createReadStream, openSync, writeSync } from 'node:fs'
import { createInterface } from 'node:readline'

export const services = ['auth', 'courses', 'files', 'dashboard'] as const
export type Service = (typeof services)[number]
/** Tables that take writes with a client's own id. */
export type WrittenTable = 'answers' | 'progress' | 'uploads'

/** What became of a request. Everything but `ok` is a failure to the user. */
export type Outcome =
  | 'ok'
  | 'maintenance' // 503 with X-Maintenance
  | 'unavailable' // any other 5xx
  | 'refused'
  | 'unreachable'
  | 'reset'
  | 'timeout'
  | 'unresolved' // the resolver gave no address
  | 'session-lost' // 401 with a session that was never closed
  | 'error-status'
  | 'wrong-content'

/** Instants are ISO strings of the users' clock. `site` is what X-Site said, else the owner of the address. */
export type LedgerEntry =
  | { kind: 'started'; at: string; rate: number; people: number; services: Service[] }
  | { kind: 'attempt'; at: string; user: number; table: WrittenTable; clientId: string; attempt: number }
  | {
      kind: 'acknowledged'
      at: string
      user: number
      table: WrittenTable
      clientId: string
      /** Absent when the platform keeps it elsewhere first. */
      rowId?: number
      site?: string
      /** The platform had it already: an earlier attempt was kept though its answer never came. */
      repeated: boolean
    }
  | {
      kind: 'request'
      /** When it ended. */
      at: string
      startedAt: string
      milliseconds: number
      user: number
      service: Service
      action: string
      outcome: Outcome
      status?: number
      site?: string
      address?: string
    }
  /** The first time a session was accepted by another site than the one that opened it. */
  | { kind: 'session-carried'; at: string; user: number; openedAt: string; openedSite?: string; site: string }
  | { kind: 'session-lost'; at: string; user: number; openedAt: string; openedSite?: string; site?: string }
  | { kind: 'stopped'; at: string; summary: Summary }

export type Summary = {
  seconds: number
  requests: Partial<Record<Service, Partial<Record<Outcome, number>>>>
  attempted: number
  acknowledged: number
  /** Writes still without an answer when the users stopped: kept or not, both are right. */
  pending: number
  sessionsOpened: number
  sessionsCarried: number
  sessionsLost: number
  /** Turns on which nobody was free: the rate asked for was not reached. */
  turnsSkipped: number
}

/** What every line of a ledger has. */
type Line = { kind: string; at: string }
export type LedgerWriter<Entry extends Line = LedgerEntry> = { write(entry: Entry): void; close(): void }

/** Appends; each entry is one write to the kernel before `write` returns, so it outlives the program's death. */
export function openLedger<Entry extends Line = LedgerEntry>(file: string): LedgerWriter<Entry> {
  const descriptor = openSync(file, 'a', 0o644)
  return {
    write: entry => {
      writeSync(descriptor, `${JSON.stringify(entry)}\n`)
    },
    close: () => closeSync(descriptor),
  }
}

/**
 * Reads line by line, however long. Throws on a damaged line; the last may be torn by a crash and is then left out.
 * `untilByte` leaves out what is written after: several readings of a ledger that still grows then see the same.
 */
export async function* readLedger<Entry extends Line = LedgerEntry>(
  file: string,
  untilByte?: number,
): AsyncGenerator<Entry> {
  let number = 0
  let damaged: number | undefined
  if (untilByte === 0) return
  const input = createReadStream(file, untilByte === undefined ? {} : { end: untilByte - 1 })
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1
    if (damaged !== undefined) throw new Error(`${file}:${damaged}: not a ledger entry`)
    const entry = parse<Entry>(line)
    if (entry) yield entry
    else damaged = number
  }
}

function parse<Entry>(line: string): Entry | undefined {
  try {
    const entry = JSON.parse(line)
    return typeof entry?.kind === 'string' && typeof entry.at === 'string' ? entry : undefined
  } catch {
    return undefined
  }
}
