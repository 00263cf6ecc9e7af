import { Failure } from '../../../model/failure.ts'
import type { ReadIo } from '../../../model/io.ts'
import { limitsOf } from '../write-fence.ts'
import { readNote } from './note.ts'
import type { DumpSide } from './place.ts'

/** Throws Failure while users can write to what was restored: it may hold the only copy of that. */
export async function refuseOpen(target: DumpSide, io: ReadIo): Promise<void> {
  const note = await readNote(target, io)
  const limits = await limitsOf(target, io)
  const open = Object.keys(note?.databases ?? {}).filter(name => (limits[name] ?? 0) !== 0)
  if (open.length === 0) return
  throw new Failure(
    { key: 'postgres.dump-fence.targetOpen', values: { host: target.host, databases: open.join(', ') } },
    { remedy: { key: 'postgres.dump-fence.targetOpen.remedy' } },
  )
}
