import { z } from 'zod'
import { Failure } from '../../../model/failure.ts'
import { secondsBetween } from '../../../model/instant.ts'
import type { ChangeIo, ReadIo } from '../../../model/io.ts'
import type { Text } from '../../../model/text.ts'
import { changePve } from '../client/change.ts'
import { proxmoxVm } from '../facts.ts'
import { guestReady } from '../machine/await-guest-ready.ts'
import { powerSeconds, startTime } from '../machine/disk-rates.ts'
import { readNote } from '../machine/json-note.ts'
import { planned } from '../planned-step.ts'
import { failures, type ProbeResult } from '../probes/run.ts'
import { endsOf, type MachineSide } from '../sides.ts'
import { destroyCopy, makeCopy } from '../temporary-copy/copies.ts'
import type { Methods } from '../transfer-method.ts'

const why = z.custom<Text>(value => typeof value === 'object' && value !== null && 'key' in value)

/** What is written down at the target, for the measure to read. */
const restored = z.object({
  /** Which full copy was restored: another one since makes this one worth nothing. */
  held: z.string(),
  at: z.string(),
  imageBytes: z.number(),
  /** From the order to start until the probes were through. */
  seconds: z.number(),
  probes: z.array(z.object({ name: z.string(), why: why.exactOptional() })),
  failed: z.number(),
})
type Restored = z.infer<typeof restored>

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

const noteFile = ({ staging }: MachineSide): string => `${staging}/restored.json`

export const readRestored = (io: ReadIo, target: MachineSide): Promise<Restored | undefined> =>
  readNote(io, target, noteFile(target), restored)

async function writeRestored(io: ChangeIo, target: MachineSide, record: Restored): Promise<void> {
  await io.writeFile(target.host.ssh, noteFile(target), `${JSON.stringify(record, null, 1)}\n`, {
    mode: '0600',
  })
}
