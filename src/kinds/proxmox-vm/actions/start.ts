import { z } from 'zod'
import { Failure } from '../../../model/failure.ts'
import { secondsBetween } from '../../../model/instant.ts'
import type { ChangeIo } from '../../../model/io.ts'
import type { MessageKey } from '../../../model/text.ts'
import type { Planned } from '../../kit/kind-parts.ts'
import { changePve } from '../client/change.ts'
import { readPve } from '../client/read.ts'
import { type AboutMachine, type ActingMachine, proxmoxVm } from '../facts.ts'
import { isApiLost, seenByRoot, turnOffByRoot } from '../machine/as-root.ts'
import { answersInTime, awaitGuestReady, isGuestReady } from '../machine/await-guest-ready.ts'
import { setByCloudInit } from '../machine/cloud-init.ts'
import { powerSeconds, startTime } from '../machine/disk-rates.ts'
import { requireOff, statusAt } from '../machine/existing.ts'
import { writeAddresses } from '../machine/set-guest-address.ts'
import { turnOff } from '../machine/turn-off.ts'
import { planned, said, undoable } from '../planned-step.ts'
import { endsOf, type MachineSide } from '../sides.ts'
import { copyAt, destroyCopy, makeCopy } from '../temporary-copy/copies.ts'
import type { Methods } from '../transfer-method.ts'
import { shutdownStep } from './shutdown.ts'

/** The machine at the target, up, with its new address and its probes passed. One call is one attempt (R2). */
export const start = (methods: Methods) =>
  proxmoxVm.action({
    name: 'start',
    touches: ['target'],
    handsOver: true,
    result: z.object({ seconds: z.number().optional() }),
    plan: about => plannedStart(about, methods, 'proxmox-vm.start.title', 'proxmox-vm.start.byHand'),

    async isDone(acting, io) {
      const { target } = endsOf(acting)
      const status = await statusAt(io, target)
      if (status?.status !== 'running' || !(await isGuestReady(io, target, 'target'))) return false
      const { onboot } = await readPve(target, io).config()
      return onboot === onbootOf(acting) && {}
    },

    async apply(acting, io) {
      const { source, target } = endsOf(acting)
      const atTarget = io.at('target')
      const from = io.now()
      // Two machines with one identity must never run at the same time.
      const isAlone = acting.without === 'source' || methods.named(acting.step.params.way).keepsRunning
      if (!isAlone) await requireOff(io, source)
      if ((await readPve(target, io).status()).status === 'stopped') {
        await setByCloudInit(atTarget, target, 'target')
        await changePve(target, atTarget).start()
      }
      try {
        await awaitGuestReady(atTarget, target, 'target')
      } catch (error) {
        // The next attempt is a fresh one. A machine that will not go down is left as it is: its record must stay whole.
        if (!io.signal.aborted) await turnOff(atTarget, target).catch(() => undefined)
        throw error
      }
      await changePve(target, atTarget).configure({ onboot: Number(onbootOf(acting)) })
      return { seconds: secondsBetween(from, io.now()) }
    },

    /** Off, cleanly, and kept. Its files name the source's addresses again before it goes, because they travel home. */
    async undo(acting, io) {
      const { target } = endsOf(acting)
      const atTarget = io.at('target')
      try {
        await takeDown(atTarget, target)
      } catch (error) {
        if (!isApiLost(error)) throw error
        const seen = await seenByRoot(io, target, error)
        if (seen !== undefined) await turnOffByRoot(atTarget, target, seen)
      }
    },
  })

async function takeDown(io: ChangeIo, target: MachineSide): Promise<void> {
  const status = await statusAt(io, target)
  if (status === undefined) return
  if (status.status === 'running') {
    await addressesOfSource(io, target)
    await turnOff(io, target)
  }
  await changePve(target, io).configure({ onboot: 0 })
}

/** What it was at the source, as PVE says it. */
const onbootOf = ({ resultOf }: ActingMachine): string => resultOf(shutdownStep)?.onboot ?? '0'

/** Best effort: the source writes them itself when it is back, which takes its users a little longer. */
async function addressesOfSource(io: ChangeIo, target: MachineSide): Promise<void> {
  try {
    if (await answersInTime(io, target)) await writeAddresses(io, target, 'source')
  } catch (error) {
    if (io.signal.aborted || !(error instanceof Failure)) throw error
    io.report({ note: error.text })
  }
}

/** The start of the machine, or of the copy that stands for it in a rehearsal. */
function plannedStart(about: AboutMachine, methods: Methods, title: MessageKey, byHand: MessageKey): Planned {
  const { spec, plan } = about
  const deadlineSeconds = powerSeconds(spec)
  return planned(about, {
    title,
    stage: 'start',
    expectedSeconds: startTime(spec),
    params: { way: methods.chosen(about).name },
    attempts: plan.rollback.serviceStartAttempts,
    trigger: 'R2',
    deadlineSeconds,
    undo: { ...undoable(5, said(about, byHand)), deadlineSeconds },
  })
}

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
