import { Failure } from '../../../model/failure.ts'
import type { ChangeIo } from '../../../model/io.ts'
import type { JsonObject } from '../../../model/json.ts'
import type { Action, StepContext } from '../../../model/kind.ts'
import { type Ends, endsOf } from '../machine/ends.ts'
import { requireOff } from '../machine/existing.ts'
import { privateFolder, removeFile } from '../machine/host-commands.ts'
import type { MachineSide } from '../sides.ts'
import { hashAt } from '../transfer/run.ts'
import { flatten } from './commands.ts'
import { type DiskPair, diskPairs, type Image } from './disks.ts'

/** Every disk read whole at both sites, machines off: what the guests would read must be the same. */
export const compare: Action = {
  /** It changes nothing, and an old answer says nothing of now. */
  isDone: async () => false,

  async apply(context: StepContext, io: ChangeIo): Promise<JsonObject> {
    const ends = endsOf(context)
    await Promise.all([requireOff(io, ends.source), requireOff(io, ends.target)])
    const pairs = await diskPairs(io, ends)
    const different: string[] = []
    // One disk after the other: two at once would only share each site's drives.
    for (const pair of pairs) if (!(await sameContent(io, ends, pair))) different.push(pair.slot)
    if (different.length > 0) throw differ(ends, different)
    return { disks: pairs.length, different: 0 }
  },
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
