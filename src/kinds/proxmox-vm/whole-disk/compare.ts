import { z } from 'zod'
import { Failure } from '../../../model/failure.ts'
import type { ChangeIo } from '../../../model/io.ts'
import type { MessageKey } from '../../../model/text.ts'
import type { Handle, Planned } from '../../kit/kind-parts.ts'
import { type AboutMachine, proxmoxVm } from '../facts.ts'
import { requireOff } from '../machine/existing.ts'
import { privateFolder, removeFile } from '../machine/host-commands.ts'
import { planned } from '../planned-step.ts'
import { type Ends, endsOf, type MachineSide, type Of } from '../sides.ts'
import { hashAt } from '../transfer/run.ts'
import { flatten } from './commands.ts'
import { type DiskPair, diskPairs, type Image } from './disks.ts'

/** What every way's comparison is: the step `compare`, that may lay out disks at the source to read them. */
export const comparison = {
  name: 'compare',
  step: 'compare',
  touches: ['replication', 'target'],
  result: z.object({ disks: z.number(), different: z.number(), applied: z.number().optional() }),
} as const

/** `after`: the step that brings what is compared. */
export const plannedComparison = (
  of: Of,
  own: { title: MessageKey; noUndo: MessageKey; expectedSeconds: number; after: [Handle] },
): Planned => planned(of, { ...own, stage: 'drain', trigger: 'R3', attempts: 2 })

/** By a way that has no record of its own of what was sent: the disks' contents say all. */
export const compare = (name: string, after: Handle, seconds: (about: AboutMachine) => number) =>
  proxmoxVm.action({
    ...comparison,
    name,
    plan: about =>
      plannedComparison(about, {
        title: 'proxmox-vm.whole.compare.title',
        noUndo: 'proxmox-vm.whole.compare.noUndo',
        expectedSeconds: seconds(about),
        after: [after],
      }),
    /** It changes nothing, and an old answer says nothing of now. */
    isDone: async () => false,
    apply: (acting, io) => compareContents(io.at('replication', 'target'), endsOf(acting)),
  })

/** Every disk read whole at both sites, machines off: what the guests would read must be the same. */
export async function compareContents(io: ChangeIo, ends: Ends) {
  await Promise.all([requireOff(io, ends.source), requireOff(io, ends.target)])
  const pairs = await diskPairs(io, ends)
  const different: string[] = []
  // One disk after the other: two at once would only share each site's drives.
  for (const pair of pairs) if (!(await sameContent(io, ends, pair))) different.push(pair.slot)
  if (different.length > 0) throw differ(ends, different)
  return { disks: pairs.length, different: 0 }
}

async function sameContent(io: ChangeIo, { source, target }: Ends, pair: DiskPair): Promise<boolean> {
  const [here, there] = await Promise.all([
    contentHash(io, source, pair.slot, pair.source),
    contentHash(io, target, pair.slot, pair.target),
  ])
  return here === there
}

const differ = ({ source, target }: Ends, slots: string[]): Failure =>
  new Failure(
    {
      key: 'proxmox-vm.moved.different',
      values: {
        component: source.component,
        slots: slots.join(', '),
        source: source.host.ssh,
        target: target.host.ssh,
      },
    },
    { remedy: { key: 'proxmox-vm.moved.different.remedy', values: { component: source.component } } },
  )

/** SHA-256 of what a guest would read from the disk, whatever the image's format and layout. The machine must be off. */
async function contentHash(io: ChangeIo, side: MachineSide, slot: string, image: Image): Promise<string> {
  if (image.format === 'raw') return hashAt(io, side, image.path)
  const flat = `${side.staging}/compare-${slot}.raw`
  await io.change(side.host.ssh, privateFolder(side.staging))
  try {
    await io.change(side.host.ssh, flatten(image, flat))
    return await hashAt(io, side, flat)
  } finally {
    if (!io.signal.aborted) await io.change(side.host.ssh, removeFile(flat))
  }
}
