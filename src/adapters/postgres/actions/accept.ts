import type { Action } from '../../../model/kind.ts'
import { claim } from '../claim.ts'
import { stateOf } from '../cluster.ts'
import { fenceCluster, isFenced, liftFence } from '../fencing.ts'
import { kept } from '../kept.ts'
import { sidesOf } from '../sides.ts'
import { executeReadWrite, queryOne } from '../sql.ts'

/** The target takes writes, proven by one. In a rehearsal no fence came over, and none is put up again. */
export const accept: Action = {
  async isDone({ component, plan }, io) {
    const { target } = sidesOf(component, plan)
    if ((await stateOf(target, io)) !== 'primary') return false
    return !(await isFenced(target, io)) && (await kept(target, 'fence', io)) === undefined
  },

  async apply({ component, plan, fencingNumber }, io) {
    const { target } = sidesOf(component, plan)
    await claim(fencingNumber, io, target)
    await liftFence(target, io)
    await executeReadWrite(io, target.sql, "insert into bascule.marker (text) values ('accepts writes')")
    const row = await queryOne(io, target.sql, 'select pg_current_wal_flush_lsn()::text as position')
    return { position: String(row?.position) }
  },

  async undo({ component, plan, fencingNumber, mode }, io) {
    const { target } = sidesOf(component, plan)
    await claim(fencingNumber, io, target)
    if (mode === 'rehearsal' || (await stateOf(target, io)) !== 'primary') return
    await fenceCluster(target, io)
  },
}
