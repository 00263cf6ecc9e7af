import type { Entry, OrderRecord } from '../model/event.ts'
import type { Formatter } from '../views/formatter.ts'
import type { RunView } from '../views/run-view.ts'
import type { Status } from '../views/status.ts'
import type { Typed } from '../views/status-lines.ts'

export const languages = ['en', 'fr'] as const
export type Language = (typeof languages)[number]

/** What the control room is made of: the journal as it stands, spoken in one language. Only reads. */
export type Source = {
  /** Whether the journal has grown since. Throws Failure where it cannot be read. */
  refresh(): boolean
  /** By the views of the command line; `status` is the document that `status --json` prints. */
  now(language: Language): Seen
}

export type Seen = {
  title: string
  status: Record<string, unknown>
  formatter: Formatter
  typed: Typed
  /** The next command. */
  next: string
  /** The whole journal. */
  entries: readonly Entry[]
  /** Absent before the first audit. */
  night?: { runView: RunView; status: Status; ordersStored: OrderRecord[] }
}
