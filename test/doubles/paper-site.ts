import type { Config, StorageStatus } from '../../lab/hypervisor/machines/types.ts'

export type PaperMachine = { config: Config; running: boolean; lock?: string }

/** What runs in a machine: its files, its address, and whether its agent and its probe answer. */
export type PaperGuest = { files: Map<string, string>; address: string; agent: boolean; probe: boolean }

const folderOf = (storage: string): string => (storage === 'local' ? '/var/lib/vz' : `/mnt/${storage}`)
export const imagePath = (vmid: number): string => `/var/lib/vz/images/${vmid}/vm-${vmid}-disk-0.qcow2`
export const volumePath = (volume: string): string =>
  volume
    .replace(/^(\w+):backup\//, (_, storage) => `${folderOf(storage)}/dump/`)
    .replace(/^(\w+):(?=\d)/, (_, storage) => `${folderOf(storage)}/images/`)

/** What stands on one hypervisor: its machines with their guests, and every file (images, archives, notes) as a text. */
export class PaperSite {
  readonly node: string
  readonly machines = new Map<number, PaperMachine>()
  readonly files = new Map<string, string>()
  /** Notes of archives, by the path of the archive. */
  readonly notes = new Map<string, string>()
  /** What its API was made to do, in order: `start 101`. */
  readonly done: string[] = []
  storages = [storageOf('local', 'dir', 'images,backup,iso'), storageOf('thin', 'lvmthin', 'images')]
  /** The hypervisor to which its machines migrate. */
  peer: PaperSite | undefined
  /** Replaced where something else knows. */
  isRunning = (vmid: number): boolean => this.machines.get(vmid)?.running === true
  removeDisks = (vmid: number): void => {
    const settings = Object.values(this.machines.get(vmid)?.config ?? {})
    for (const value of settings) this.files.delete(volumePath(value.replace(/,.*/, '')))
  }
  configInArchives = (): Config => ({ name: 'auth' })
  private readonly guests = new Map<number, PaperGuest>()

  constructor(node: string) {
    this.node = node
  }

  image(vmid: number): string | undefined {
    return this.files.get(imagePath(vmid))
  }

  guest(vmid = 101): PaperGuest {
    const guest = this.guests.get(vmid) ?? newGuest()
    this.guests.set(vmid, guest)
    return guest
  }

  /** Paths of the archives of machines in a storage. */
  archives(storage: string): string[] {
    return [...this.files.keys()].filter(path => path.startsWith(`${folderOf(storage)}/dump/vzdump-`))
  }

  /** Volume ids of the images that a storage has under a machine's number. */
  images(storage: string, vmid: number): string[] {
    const folder = `${folderOf(storage)}/images/`
    const paths = [...this.files.keys()].filter(path => path.startsWith(`${folder}${vmid}/`))
    return paths.map(path => path.replace(folder, `${storage}:`))
  }

  /** Writes an archive; gives its volume id. */
  archive(vmid: number, storage: string, notes: string): string {
    this.archived += 1
    const file = `vzdump-qemu-${vmid}-2026_12_12-22_00_${String(this.archived).padStart(2, '0')}.vma.zst`
    const path = `${folderOf(storage)}/dump/${file}`
    this.files.set(path, this.image(vmid) ?? '')
    this.notes.set(path, notes)
    return `${storage}:backup/${file}`
  }
  private archived = 0
}

export const interfacesFile = '/etc/network/interfaces'
const newGuest = (): PaperGuest => ({
  files: new Map([[interfacesFile, 'address 10.80.1.30/24\ngateway 10.80.1.1\n']]),
  address: '10.80.1.30',
  agent: true,
  probe: true,
})

/** At its start, and when it is told to apply its network, a guest takes the address that its own file says. */
export function takeAddress(guest: PaperGuest): void {
  guest.address = /address ([\d.]+)/.exec(guest.files.get(interfacesFile) ?? '')?.[1] ?? ''
}

export const storageOf = (storage: string, type: string, content: string, avail = 1e9): StorageStatus => ({
  ...{ storage, type, content },
  ...{ active: 1, enabled: 1, shared: 0 },
  ...{ total: 1e9 + avail, used: 1e9, avail, used_fraction: 0.5 },
})
