import type { KeyObject } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Temporal } from 'temporal-polyfill'
import { type Journal, openJournal } from '../journal/journal.ts'
import type { Entry } from '../model/event.ts'
import type { CallObserver } from '../model/host-call.ts'
import type { Plan } from '../model/plan.ts'
import type { History } from '../model/run.ts'
import type { Text } from '../model/text.ts'
import { createRedactor } from '../transport/redact.ts'
import type { Transport } from '../transport/transport.ts'
import { fold } from './fold.ts'
import { type Lock, stateUnusable, takeLock } from './lock.ts'
import { hostsOf, openTransportTo } from './open-transport.ts'
import { openInbox } from './orders.ts'
import { sealKey } from './seal-key.ts'
import { checkStateFormat, stampState, stateFile } from './state-format.ts'

/** A migration opened for its one writer: the lock is held, the journal whole, nothing reached yet. */
export type OpenState = {
  lock: Lock
  /** As `choosePlan` gave it. */
  plan: Plan
  journal: Journal
  inbox: ReturnType<typeof openInbox>
  transport: Transport
  /** Signs the journal’s seals. */
  sealKey(): KeyObject
  /** The ssh names of all hosts of both sites. */
  hosts: string[]
  /** For what is shown and not written down: the journal does it by itself. */
  redact: <T>(value: T) => T
  close(): Promise<void>
}

export type OpenStateInput = {
  stateDirectory: string
  by: string
  verb: string
  /** Which plan's hosts are reached: today's, or the one of a run in the journal. What it throws is thrown. */
  choosePlan: (history: History) => Plan
  onAppended?: (entry: Entry) => void
  /** Told of what is done at the hosts, and read from them. */
  onCall?: CallObserver
}

/** Throws Failure: the lock is held by another (75), the journal was changed, the folder cannot be written. */
export async function openState(input: OpenStateInput): Promise<OpenState> {
  const { stateDirectory: directory, by, verb, choosePlan, onAppended, onCall } = input
  makeDirectory(directory)
  checkStateFormat(directory)
  const lock = takeLock(directory, by, verb, Temporal.Now.instant().toString())
  const closing: (() => unknown)[] = [lock.release]
  const close = async (): Promise<void> => {
    for (const closeOne of closing.splice(0).reverse()) await closeOne()
  }
  try {
    const redactor = createRedactor()
    const journal = openJournal(join(directory, 'journal.db'), {
      redact: redactor.redact,
      ...(onAppended && { onAppended }),
    })
    closing.push(journal.close)
    const history = fold(journal.entries())
    if (stampState(directory)) {
      const text: Text = { key: 'run.stateFileRebuilt', values: { file: stateFile(directory) } }
      journal.append(history.runs.at(-1)?.id ?? 'state', { type: 'note', text })
    }
    const plan = choosePlan(history)
    const inbox = openInbox(directory)
    closing.push(inbox.close)
    const transport = await openTransportTo(plan, redactor, onCall)
    closing.push(transport.close)
    const hosts = Object.keys(hostsOf(plan))
    const { redact } = redactor
    return { lock, plan, journal, inbox, transport, sealKey: () => sealKey(directory), hosts, redact, close }
  } catch (error) {
    await close()
    throw error
  }
}

function makeDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
  } catch (cause) {
    throw stateUnusable(directory, cause)
  }
}
