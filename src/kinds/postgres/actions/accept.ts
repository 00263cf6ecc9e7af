import type { Action } from '../../../model/kind.ts'
import { claim } from '../claim.ts'
import { stateOf } from '../cluster.ts'
import { acceptWrites, fenceCluster, isReadOnlyByDefault } from '../fencing.ts'
import { kept } from '../kept.ts'
import { sidesOf } from '../sides.ts'
import { queryOne } from '../sql.ts'

/** The target takes writes, proven by one. In a rehearsal no fence came over, and none is put up again. */
export const accept: Action = {
  async isDone(context, io) {
    const { target } = sidesOf(context)
    if ((await stateOf(target, io)) !== 'primary') return false
    return !(await isReadOnlyByDefault(target, io)) && (await kept(target, 'fence', io)) === undefined
  },

  async apply(context, io) {
    const { target } = sidesOf(context)
    await claim(context.fencingNumber, io, target)
    await acceptWrites(target, io)
    const row = await queryOne(io, target.sql, 'select pg_current_wal_flush_lsn()::text as position')
    return { position: String(row?.position) }
  },

  async undo(context, io) {
    const { target } = sidesOf(context)
    await claim(context.fencingNumber, io, target)
    if (context.mode === 'rehearsal' || (await stateOf(target, io)) !== 'primary') return
    await fenceCluster(target, io)
  },
}
