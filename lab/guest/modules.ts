import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

/** Drivers of a virtual machine as Proxmox VE makes it, and the power button. ext4 is in the kernel itself. */
export const wantedModules = [
  ...['virtio_pci', 'virtio_scsi', 'sd_mod', 'virtio_blk', 'virtio_net', 'virtio_console', 'virtio_rng'],
  ...['virtio_balloon', 'evdev', 'button'],
]

/** A driver's name is written with either; the kernel reads both as the same. */
const plain = (name: string) => name.replaceAll('-', '_')

/** The files of these drivers and of all they need, in the order in which they can be loaded. */
export function modulesInOrder(directory: string, wanted: readonly string[]): string[] {
  const files = new Map(
    readdirSync(directory, { recursive: true, encoding: 'utf8' })
      .filter(file => file.endsWith('.ko'))
      .map(file => [plain(basename(file, '.ko')), join(directory, file)]),
  )
  const order: string[] = []
  const add = (name: string) => {
    const file = files.get(plain(name))
    // Not a module of this kernel: built into it.
    if (file === undefined || order.includes(file)) return
    for (const needed of needsOf(readFileSync(file))) add(needed)
    order.push(file)
  }
  for (const name of wanted) add(name)
  return order
}

/** A module names what it needs in its own `.modinfo`: `depends=` for symbols, `softdep=pre:` for algorithms. */
export function needsOf(module: Buffer): string[] {
  const text = module.toString('latin1')
  const depends = /\0depends=([^\0]*)\0/.exec(text)?.[1] ?? ''
  const before = /\0softdep=pre: ([^\0:]*?)(?: post:[^\0]*)?\0/.exec(text)?.[1] ?? ''
  return [...depends.split(','), ...before.split(' ')].filter(name => name !== '')
}
