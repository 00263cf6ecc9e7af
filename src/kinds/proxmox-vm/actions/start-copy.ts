import { secondsBetween } from '../../../model/instant.ts'
import type { ChangeIo } from '../../../model/io.ts'
import type { JsonObject } from '../../../model/json.ts'
import type { Action, StepContext } from '../../../model/kind.ts'
import { changePve } from '../client/change.ts'
import { awaitGuestReady, isGuestReady } from '../machine/await-guest-ready.ts'
import { setByCloudInit } from '../machine/cloud-init.ts'
import { endsOf } from '../machine/ends.ts'
import { statusAt } from '../machine/existing.ts'
import { copyAt, destroyCopy, makeCopy } from '../temporary-copy/copies.ts'

import type { MethodNamed } from '../transfer-method.ts'
/** A rehearsal's start: a copy of what the target holds, at the target's address. The source serves on; what is held stays as it is. */
export const startCopy = (methodNamed: MethodNamed): Action => ({
  async isDone(context, io) {
    const copy = await copyAt(io, endsOf(context).target, 'rehearsal')
    if (copy === undefined || (await statusAt(io, copy))?.status !== 'running') return false
    return (await isGuestReady(io, copy, 'target')) ? { vmid: copy.vmid } : false
  },

  async apply(context: StepContext, io: ChangeIo): Promise<JsonObject> {
    const { spec } = endsOf(context)
    const from = io.now()
    const { bridge, vlan } = spec.target
    const copy = await makeCopy(context, io, methodNamed(context.step.params.way), 'rehearsal', {
      bridge,
      vlan,
    })
    await setByCloudInit(io, copy, 'target')
    await changePve(copy, io).start()
    await awaitGuestReady(io, copy, 'target')
    return { vmid: copy.vmid, seconds: secondsBetween(from, io.now()) }
  },

  undo: (context: StepContext, io: ChangeIo) => destroyCopy(io, endsOf(context).target, 'rehearsal'),
})
