import { Failure } from '../../../model/failure.ts'
import type { ReadIo } from '../../../model/io.ts'
import { typed } from '../../kit/by-hand.ts'
import { admit, boundOf, boundSlots, dismiss, mayCopy, restoreBound } from '../access.ts'
import { byHandAt } from '../by-hand.ts'
import { pathExists, stateOf } from '../cluster.ts'
import { removeFile, startCluster, stopCluster } from '../commands.ts'
import { sharedSettings } from '../copy.ts'
import { postgres } from '../define.ts'
import { keepServing } from '../serving.ts'
import { fencingPath, passfilePath, proofSlotOf, type Side, sidesOf, slotOf } from '../sides.ts'
import { dropSlot, writeStandbySettings } from '../standby.ts'
import { retire } from './retire.ts'

/** The old source stays a standby that follows nothing: read only, with the data of this moment, and no way to the target. */
export const retireSource = postgres.action({
  name: 'retire-source',
  touches: ['source'],
  plan: about => {
    const { source } = sidesOf(about)
    return {
      title: { key: 'postgres.retire-source.title', values: { component: about.component.id } },
      stage: 'close',
      after: [retire],
      expectedSeconds: 2,
      deadlineSeconds: 120,
      attempts: 3,
      backoffSeconds: 5,
      trigger: 'failure',
      undo: {
        possible: true,
        expectedSeconds: 2,
        deadlineSeconds: 60,
        byHand: { key: 'postgres.retire-source.byHand', values: byHandAt(source, startCluster(source)) },
      },
    }
  },

  /** The passfile goes last. */
  async isDone(about, io) {
    const { source, spec } = sidesOf(about)
    if (await pathExists(source, passfilePath(source), io)) return false
    return !(await hasRoleLeft(source, spec.replication.user, io))
  },

  async apply(about, io) {
    const { source, target, spec } = sidesOf(about)
    const at = io.at('source')
    await keepServing(source, at)
    await at.change(source.host, removeFile(fencingPath(source)))
    if ((await stateOf(source, io)) === 'standby') {
      for (const name of [slotOf(target), proofSlotOf(spec)]) await dropSlot(source, name, at)
      await restoreBound(source, await boundOf(target, io), at)
    }
    await dismiss(source, at)
    if (await hasRoleLeft(source, spec.replication.user, io)) throw roleLeft(source, spec.replication.user)
    return undefined
  },

  /** It follows again once the target lets it in. */
  async undo(about, io) {
    const sides = sidesOf(about)
    const { source, target, spec } = sides
    const at = io.at('source')
    await writeStandbySettings(source, target, await sharedSettings(target, io), at)
    if ((await stateOf(source, io)) === 'standby')
      await boundSlots(source, spec.replication.maxSlotWalKeepGB, at)
    await admit(source, sides, at)
  },
})

/** Of a standby that received no more: only a primary can drop a role. Stopped, nobody logs in. */
async function hasRoleLeft(source: Side, role: string, io: ReadIo): Promise<boolean> {
  return (await stateOf(source, io)) === 'standby' && (await mayCopy(source, role, io))
}

function roleLeft(source: Side, role: string): Failure {
  const values = { host: source.host, role, stop: typed(stopCluster(source, 'fast')) }
  return new Failure(
    { key: 'postgres.retire-source.roleLeft', values },
    { remedy: { key: 'postgres.retire-source.roleLeft.remedy', values } },
  )
}
