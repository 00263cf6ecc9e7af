import { join } from 'node:path'
import { Refusal } from '../refusal.ts'
import type { StorageDefinition } from './configuration.ts'

export type ImageFormat = 'raw' | 'qcow2'

/** What is different from one type of storage to the next. Paths are PVE's, before the root is laid over them. */
export type StorageType = {
  formats: readonly ImageFormat[]
  defaultFormat: ImageFormat
  /** Where everything of this storage is. */
  base(storage: StorageDefinition): string
  /** Under which all images are. */
  imagesRoot(storage: StorageDefinition): string
  imageDirectory(storage: StorageDefinition, vmid: number): string
  imageName(vmid: number, name: string, format: ImageFormat): string
  /** From the file in the image directory to the name after the colon of a volume id. */
  volumeName(vmid: number, file: string): string
  path(storage: StorageDefinition, volume: string): string | undefined
  formatOf(volume: string): ImageFormat
}

const directory: StorageType = {
  formats: ['qcow2', 'raw'],
  defaultFormat: 'raw',
  base: storage => storage.properties.path ?? `/mnt/pve/${storage.name}`,
  imagesRoot: storage => join(directory.base(storage), 'images'),
  imageDirectory: (storage, vmid) => join(directory.imagesRoot(storage), String(vmid)),
  imageName: (_vmid, name, format) => `${name}.${format}`,
  volumeName: (vmid, file) => `${vmid}/${file}`,
  path(storage, volume) {
    const [, folder = '', file = ''] = /^(backup|iso|\d+)\/([^/]+)$/.exec(volume) ?? []
    const inside = { backup: 'dump', iso: 'template/iso' }[folder] ?? join('images', folder)
    return folder ? join(directory.base(storage), inside, file) : undefined
  },
  formatOf: volume => (volume.endsWith('.qcow2') ? 'qcow2' : 'raw'),
}

/**
 * Block volumes: raw alone. There is no volume group in the laboratory; a volume is a sparse file, as a thin volume is.
 */
const thinVolumes: StorageType = {
  formats: ['raw'],
  defaultFormat: 'raw',
  base: ({ name, properties }) => join('/var/lib/pve-volumes', properties.vgname ?? properties.pool ?? name),
  imagesRoot: storage => thinVolumes.base(storage),
  imageDirectory: storage => thinVolumes.base(storage),
  imageName: (_vmid, name) => name,
  volumeName: (_vmid, file) => file,
  path: (storage, volume) =>
    /^vm-\d+-[\w.-]+$/.test(volume) ? join(thinVolumes.base(storage), volume) : undefined,
  formatOf: () => 'raw',
}

const types: Record<string, StorageType> = {
  dir: directory,
  nfs: directory,
  lvm: thinVolumes,
  lvmthin: thinVolumes,
  zfspool: thinVolumes,
}

export function typeOf(storage: StorageDefinition): StorageType {
  const type = types[storage.type]
  if (!type) throw new Refusal(`storage type '${storage.type}' not supported`)
  return type
}
