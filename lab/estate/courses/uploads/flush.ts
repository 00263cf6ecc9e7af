import { setTimeout as sleep } from 'node:timers/promises'
import type { Pool } from 'pg'
import { isPassing } from '../../common/database.ts'
import { log } from '../../common/log.ts'
import type { Spool } from './spool.ts'
import { insertUpload } from './upload.ts'

/**
 * Brings what waits into the database, every `seconds`, as long as the program runs. A stop does not wait for it: what
 * is on the disk is safe there. Once each: an upload is taken off the disk after it is committed, and one that was
 * committed just before a crash is not inserted again.
 */
export async function flushForever(spool: Spool, pool: Pool, seconds: number): Promise<never> {
  for (;;) {
    await sleep(seconds * 1000, undefined, { ref: false })
    await flush(spool, pool).catch(error => log('flush-failed', { message: error.message }))
  }
}

/** Oldest first; stops at the first that the database cannot take now, and sets aside what it never will. */
export async function flush(spool: Spool, pool: Pool): Promise<void> {
  let moved = 0
  for (const name of spool.waiting()) {
    try {
      await insertUpload(pool, spool.read(name))
      spool.done(name)
      moved += 1
    } catch (error) {
      if (isPassing(error)) break
      log('upload-refused', { name, message: (error as Error).message })
      spool.setAside(name)
    }
  }
  if (moved > 0) log('flushed', { moved })
}
