import { createHash } from 'node:crypto'
import { Refusal } from '../../lab/hypervisor/machines/refusal.ts'
import { PaperHypervisors, type Said } from './paper-hypervisors.ts'
import { type PaperSite, storageOf } from './paper-site.ts'
import { PaperPool } from './paper-zfs.ts'
import type { CommandCall } from './recording-answers.ts'

const slots = ['scsi0', 'scsi1']
const devices = '/dev/zvol/'

/** Two hypervisors whose storages are of ZFS, and machine 101 with two disks at the source. */
export class ZfsHypervisors extends PaperHypervisors {
  readonly pools = new Map<PaperSite, PaperPool>()
  /** Programs that ran while the guest was frozen. */
  readonly whileFrozen: string[] = []

  constructor() {
    super()
    for (const [site, pool] of [
      [this.source, 'tank'],
      [this.target, 'rpool/data'],
    ] as const) {
      const paper = new PaperPool(pool)
      paper.busy = dataset => {
        const vmid = /\/vm-(\d+)-disk-\d+$/.exec(dataset)?.[1]
        return site.isRunning(Number(vmid))
      }
      this.pools.set(site, paper)
      site.storages = [storageOf('zfs', 'zfspool', 'images')]
      site.removeDisks = vmid => this.removeDisks(site, vmid)
    }
    const { config } = this.source.machines.get(101) ?? { config: {} as Record<string, string> }
    for (const [index, slot] of slots.entries()) {
      config[slot] = `zfs:vm-101-disk-${index},size=1M`
      this.pool(this.source).datasets.set(`tank/vm-101-disk-${index}`, {
        content: 'installed',
        snapshots: [],
      })
    }
  }

  pool(site: PaperSite): PaperPool {
    return this.pools.get(site) as PaperPool
  }

  /** The machine's disks, each as a text; undefined where it has none. */
  disks(site: PaperSite, vmid = 101): (string | undefined)[] {
    return slots.map((_, index) => this.pool(site).content(`${this.parent(site)}/vm-${vmid}-disk-${index}`))
  }

  /** The guest writes to all of its disks. */
  writes(site: PaperSite, text: string): void {
    for (const index of slots.keys()) {
      const disk = this.pool(site).datasets.get(`${this.parent(site)}/vm-101-disk-${index}`)
      if (disk) disk.content += `; ${text}`
    }
  }

  turn(site: PaperSite, running: boolean): void {
    Object.assign(site.machines.get(101) ?? {}, { running })
  }

  /** Snapshots of ours that a site holds. */
  snapshots(site: PaperSite): string[] {
    return [...this.pool(site).datasets].flatMap(([name, { snapshots }]) =>
      snapshots.map(({ tag }) => `${name}@${tag}`).filter(full => full.includes('@bascule-')),
    )
  }

  private parent(site: PaperSite): string {
    return [...this.pool(site).parents][0] ?? ''
  }

  protected override command(site: PaperSite, call: CommandCall): Said {
    const { argv } = call
    const [program = '', ...words] = argv
    const last = words.at(-1) ?? ''
    const content = this.pool(site).content(last.replace(devices, ''))
    if (program === 'zfs' || program === 'zpool') return this.pool(site).run(argv)
    if (program === 'pvesm') return { stdout: `${devices}${this.parent(site)}/${last.split(':')[1]}\n` }
    if (program === 'sha256sum' && content !== undefined)
      return { stdout: `${createHash('sha256').update(content).digest('hex')} *${last}\n` }
    if (program === 'test' && words[0] === '-b') return { exitCode: content === undefined ? 1 : 0 }
    if (program === 'udevadm') return {}
    if (program === 'sh') return this.frozen(site, call)
    if (program === 'bash') return this.pipe(site, words.slice(5))
    if (program === 'rsync') return this.devices(words.at(-2) ?? '', last)
    return super.command(site, call)
  }

  private frozen(site: PaperSite, call: CommandCall): Said {
    const argv = call.argv.slice(7)
    this.whileFrozen.push(argv.join(' '))
    return this.command(site, { ...call, argv })
  }

  /** `zfs send … | ssh … zfs receive …`, or the other way. */
  private pipe(site: PaperSite, [count = '0', ...words]: readonly string[]): Said {
    const end = (argv: string[]): [PaperPool, string[]] => {
      const dashes = argv.indexOf('--')
      if (argv[0] !== 'ssh') return [this.pool(site), argv.slice(2)]
      const address = argv[dashes + 1] ?? ''
      return [this.pool(address.startsWith('10.80.2.') ? this.target : this.source), argv.slice(dashes + 4)]
    }
    const [sender, sent] = end(words.slice(0, Number(count)))
    const [receiver, received] = end(words.slice(Number(count)))
    const token = sent.includes('-t') ? sent.at(-1) : undefined
    return receiver.receive(received.at(-1) ?? '', sender.stream(sent), token)
  }

  private devices(from: string, to: string): Said {
    const path = from.slice(from.indexOf(':') + 1).replace(devices, '')
    const disk = this.pool(this.source).datasets.get(to.replace(devices, ''))
    const content = this.pool(this.target).content(path)
    if (disk === undefined || content === undefined) throw new Error(`rsync: ${from} ${to}`)
    disk.content = content
    return { stdout: 'Total file size: 1 bytes\nTotal bytes sent: 1\nTotal bytes received: 1\n' }
  }

  private removeDisks(site: PaperSite, vmid: number): void {
    const settings = Object.values(site.machines.get(vmid)?.config ?? {})
    for (const [, disk] of settings.map(value => /^zfs:([^,]+)/.exec(value) ?? [])) {
      const name = `${this.parent(site)}/${disk}`
      if (!this.pool(site).datasets.has(name)) continue
      const said = this.pool(site).run(['zfs', 'destroy', '-r', name])
      if (said.exitCode) throw new Refusal(said.stderr ?? '')
    }
  }
}
