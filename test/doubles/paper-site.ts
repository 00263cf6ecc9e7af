import type { Config, StorageStatus } from '../../lab/hypervisor/machines/types.ts'

export type PaperMachine = { config: Config; running: boolean; lock?: string }

/** What runs in a machine: its files, its address, and whether its agent and its probe answer. */
export type PaperGuest = { files: Map<string, string>; address: string; agent: boolean; probe: boolean }

const dumpFolder = '/var/lib/vz/dump'
export const imagePath = (vmid: number): string => `/var/lib/vz/images/${vmid}/vm-${vmid}-disk-0.qcow2`
export const volumePath = (volume: string): string =>
  volume.replace(/^local:backup\//, `${dumpFolder}/`).replace(/^local:(?=\d)/, '/var/lib/vz/images/')

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
  removeDisks = (vmid: number): void => void this.files.delete(imagePath(vmid))
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

  /** Paths of the archives of machines. */
  archives(): string[] {
    return [...this.files.keys()].filter(path => path.startsWith(`${dumpFolder}/vzdump-`))
  }

  /** Writes an archive; gives its volume id. */
  archive(vmid: number, notes: string): string {
    this.archived += 1
    const file = `vzdump-qemu-${vmid}-2026_12_12-22_00_${String(this.archived).padStart(2, '0')}.vma.zst`
    this.files.set(`${dumpFolder}/${file}`, this.image(vmid) ?? '')
    this.notes.set(`${dumpFolder}/${file}`, notes)
    return `local:backup/${file}`
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

export const storageOf = (storage: string, type: string, content: string): StorageStatus => ({
  ...{ storage, type, content },
  ...{ active: 1, enabled: 1, shared: 0 },
  ...{ total: 2e9, used: 1e9, avail: 1e9, used_fraction: 0.5 },
})
