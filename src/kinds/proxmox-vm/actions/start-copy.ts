import { z } from 'zod'
import { secondsBetween } from '../../../model/instant.ts'
import { changePve } from '../client/change.ts'
import { proxmoxVm } from '../facts.ts'
import { awaitGuestReady, isGuestReady } from '../machine/await-guest-ready.ts'
import { setByCloudInit } from '../machine/cloud-init.ts'
import { statusAt } from '../machine/existing.ts'
import { endsOf } from '../sides.ts'
import { copyAt, destroyCopy, makeCopy } from '../temporary-copy/copies.ts'
import type { Methods } from '../transfer-method.ts'
import { plannedStart } from './planned-start.ts'

/** A rehearsal's start: a copy of what the target holds, at the target's address. The source serves on; what is held stays as it is. */
export const startCopy = (methods: Methods) =>
  proxmoxVm.action({
    name: 'start-copy',
    step: 'start',
    touches: ['target'],
    result: z.object({ vmid: z.number(), seconds: z.number().optional() }),
    plan: about =>
      plannedStart(about, methods, 'proxmox-vm.start-copy.title', 'proxmox-vm.start-copy.byHand'),

    async isDone(acting, io) {
      const copy = await copyAt(io, endsOf(acting).target, 'rehearsal')
      if (copy === undefined || (await statusAt(io, copy))?.status !== 'running') return false
      return (await isGuestReady(io, copy, 'target')) && { vmid: copy.vmid }
    },

    async apply(acting, io) {
      const atTarget = io.at('target')
      const from = io.now()
      const { bridge, vlan } = acting.spec.target
      const method = methods.named(acting.step.params.way)
      const copy = await makeCopy(acting, atTarget, method, 'rehearsal', { bridge, vlan })
      await setByCloudInit(atTarget, copy, 'target')
      await changePve(copy, atTarget).start()
      await awaitGuestReady(atTarget, copy, 'target')
      return { vmid: copy.vmid, seconds: secondsBetween(from, io.now()) }
    },

    undo: (acting, io) => destroyCopy(io.at('target'), endsOf(acting).target, 'rehearsal'),
  })
