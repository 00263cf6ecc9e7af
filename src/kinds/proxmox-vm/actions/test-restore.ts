import { Failure } from '../../../model/failure.ts'
import { secondsBetween } from '../../../model/instant.ts'
import type { ChangeIo } from '../../../model/io.ts'
import { changePve } from '../client/change.ts'
import { proxmoxVm } from '../facts.ts'
import { guestReady } from '../machine/await-guest-ready.ts'
import { powerSeconds, startTime } from '../machine/disk-rates.ts'
import { planned } from '../planned-step.ts'
import { failures, type ProbeResult } from '../probes/run.ts'
import { endsOf, type MachineSide } from '../sides.ts'
import { destroyCopy, makeCopy } from '../temporary-copy/copies.ts'
import { restored, writeRestored } from '../temporary-copy/record.ts'
import type { Methods } from '../transfer-method.ts'

/**
 * T5: what the target holds is started under another number, on a bridge that leads nowhere, while the original serves. Its
 * probes are run in it, then it is destroyed. What was found is written down; whether it is enough is for the check to say.
 */
export const testRestore = (methods: Methods) =>
  proxmoxVm.action({
    name: 'test-restore',
    touches: ['target'],
    result: restored,
    plan: about =>
      planned(about, {
        title: 'proxmox-vm.test-restore.title',
        stage: 'prove',
        expectedSeconds: startTime(about.spec) + 10,
        params: { way: methods.chosen(about).name },
        deadlineSeconds: powerSeconds(about.spec),
        noUndo: 'proxmox-vm.test-restore.noUndo',
      }),

    /** Done again whenever it is asked for: an old test says nothing of what came since. */
    isDone: async () => false,

    async apply(acting, io) {
      const { target, spec } = endsOf(acting)
      const atTarget = io.at('target')
      const method = methods.named(acting.step.params.way)
      const held = await method.storedCopy(acting, io)
      if (held === undefined) throw nothingHeld(target)
      const from = io.now()
      let probes: ProbeResult[] = []
      try {
        const copy = await makeCopy(acting, atTarget, method, 'test', { bridge: spec.target.testBridge })
        await changePve(copy, atTarget).start()
        probes = await booted(atTarget, copy)
      } finally {
        if (!io.signal.aborted) await destroyCopy(atTarget, target, 'test')
      }
      const record = {
        held: held.id,
        at: io.now(),
        imageBytes: held.imageBytes,
        seconds: secondsBetween(from, io.now()),
        probes,
        failed: failures(probes).length,
      }
      await writeRestored(atTarget, target, record)
      return record
    },
  })

/** That it boots at all is the first probe. */
async function booted(io: ChangeIo, copy: MachineSide): Promise<ProbeResult[]> {
  try {
    return [{ name: 'boot' }, ...(await guestReady(io, copy))]
  } catch (error) {
    io.signal.throwIfAborted()
    if (!(error instanceof Failure)) throw error
    return [{ name: 'boot', why: error.text }]
  }
}

const nothingHeld = (target: MachineSide): Failure =>
  new Failure(
    {
      key: 'proxmox-vm.test-restore.nothing',
      values: { component: target.component, host: target.host.ssh },
    },
    { remedy: { key: 'proxmox-vm.delta.broken.remedy' } },
  )
