import { join } from 'node:path'
import { openJournal } from '../../src/journal/journal.ts'
import { takeLock } from '../../src/run/lock.ts'
import { openInbox } from '../../src/run/orders.ts'

/** Stands for the program that carries the run out: holds the lock, takes orders, answers in the journal. */
export async function withAnsweringExecutor<T>(
  state: string,
  refuses: boolean,
  work: () => Promise<T>,
): Promise<T> {
  const lock = takeLock(state, 'marie', 'run', '2026-12-12T21:00:00Z')
  const [inbox, journal] = [
    openInbox(state),
    openJournal(join(state, 'journal.db'), { redact: value => value }),
  ]
  const timer = setInterval(() => {
    for (const order of inbox.take('run-1')) {
      if (refuses)
        journal.append('run-1', { type: 'order.refused', order, why: { key: 'run.order.noGateWaits' } })
      else journal.append('run-1', { type: 'order.received', order })
    }
  }, 20)
  try {
    return await work()
  } finally {
    clearInterval(timer)
    journal.close()
    inbox.close()
    lock.release()
  }
}
