import { Failure } from '../../../model/failure.ts'
import type { ReadIo } from '../../../model/io.ts'
import { disksOf } from '../client/property-string.ts'
import { readPve } from '../client/read.ts'
import { volumePath } from '../machine/host-commands.ts'
import type { Ends, MachineSide } from '../sides.ts'
import { stampOf } from './commands.ts'

/** A disk as one site's hypervisor holds it. */
export type Image = { path: string; format: 'raw' | 'qcow2' }
/** The same disk at both sites. `slot` as the config names it: `scsi0`. */
export type DiskPair = { slot: string; source: Image; target: Image }

/**
 * What an image is, as PVE decides: by the volume's name, raw when it says nothing. Never by looking into it: a guest may write
 * the header of another format on its raw disk.
 */
const formatOf = (volume: string): Image['format'] => (volume.endsWith('.qcow2') ? 'qcow2' : 'raw')

/** The images of a machine by slot, where its own config and its hypervisor say that they are. */
export async function imagesAt(io: ReadIo, side: MachineSide): Promise<Map<string, Image>> {
  const drives = disksOf(await readPve(side, io).config())
  const images = drives.map(async ({ slot, volume }): Promise<[string, Image]> => {
    const { stdout } = await io.read(side.host.ssh, volumePath(volume))
    return [slot, { path: stdout.trim(), format: formatOf(volume) }]
  })
  return new Map(await Promise.all(images))
}

/** Each disk of the machine at both sites. Throws Failure when one site has a disk that the other has not. */
export async function diskPairs(io: ReadIo, { source, target }: Ends): Promise<DiskPair[]> {
  const [here, there] = await Promise.all([imagesAt(io, source), imagesAt(io, target)])
  const alone = [...here.keys(), ...there.keys()].filter(slot => !here.has(slot) || !there.has(slot))
  if (alone.length > 0) {
    throw new Failure(
      {
        key: 'proxmox-vm.moved.otherDisks',
        values: { component: source.component, slots: alone.join(', ') },
      },
      {
        remedy: {
          key: 'proxmox-vm.moved.otherDisks.remedy',
          values: {
            source: `${source.host.ssh} qm config ${source.vmid}`,
            target: `${target.host.ssh} qm config ${target.vmid}`,
          },
        },
      },
    )
  }
  return [...here].map(([slot, image]) => ({ slot, source: image, target: there.get(slot) ?? image }))
}

/**
 * The source's images as one text that changes with any write to them. Undefined where that cannot be told: a block device
 * does not note when it was written.
 */
export async function stampAt(io: ReadIo, source: MachineSide): Promise<string | undefined> {
  const paths = [...(await imagesAt(io, source)).values()].map(({ path }) => path)
  if (paths.length === 0 || paths.some(path => path.startsWith('/dev/'))) return undefined
  return (await io.read(source.host.ssh, stampOf(paths))).stdout
}
