import type { Config } from '../client/answers.ts'
import { cardsOf, drivesOf, isCloudInit, printPropertyString } from '../client/property-string.ts'
import type { MachineSpec } from '../spec.ts'
import { ipconfigOf } from './cloud-init.ts'

/**
 * What a machine is made of again at another cluster. Omitted on purpose: what belongs to one cluster (digest, lock,
 * parent, meta, vmgenid, pool), what only root may set (args, hookscript), hardware of one host (hostpci, usb), and
 * onboot: nothing starts by itself before it was moved.
 */
const carried =
  /^(acpi|agent|arch|balloon|bios|boot|ciuser|citype|cores|cpu|cpulimit|cpuunits|freeze|hotplug|ipconfig\d+|keyboard|kvm|localtime|machine|memory|name|nameserver|numa|numa\d+|ostype|protection|rng0|scsihw|searchdomain|serial\d+|shares|smbios1|sockets|sshkeys|startdate|startup|tablet|tags|tdf|vcpus|vga|watchdog)$/

/**
 * What is given to the machine anew: its network, and the storage for what PVE makes itself (a cloud-init drive). `ipconfig`:
 * the address that cloud-init gives the guest.
 */
export type Wiring = {
  storage?: string
  bridge: string
  vlan?: number | undefined
  keepMac: boolean
  ipconfig?: string | undefined
}

/** The settings of the machine at the target. `volumes`: its disks there, by slot. Pure. */
export function targetConfig(
  source: Config,
  volumes: Record<string, string>,
  wiring: Wiring,
  description: string,
): Config {
  const kept = Object.entries(source).filter(([key]) => carried.test(key))
  const drives = Object.fromEntries(drivesAt(source, volumes, wiring))
  return {
    ...Object.fromEntries(kept),
    ...drives,
    ...Object.fromEntries(cardsAt(source, wiring)),
    ...addressed(drives, wiring),
    onboot: '0',
    description,
  }
}

/** A drive keeps its options but its size, which its image says. A CD-ROM is empty: its medium stays where it is. */
function drivesAt(source: Config, volumes: Record<string, string>, { storage }: Wiring): [string, string][] {
  return drivesOf(source).flatMap(({ slot, volume: old, options }): [string, string][] => {
    const volume = volumes[slot]
    if (volume !== undefined) {
      const { size: _, ...others } = options
      return [[slot, printPropertyString({ file: volume, ...others }, 'file')]]
    }
    // Made anew there, from the settings.
    if (storage !== undefined && isCloudInit(old)) return [[slot, cloudInitDrive(storage)]]
    return options.media === 'cdrom' ? [[slot, 'none,media=cdrom']] : []
  })
}

const cloudInitDrive = (storage: string): string => `${storage}:cloudinit,media=cdrom`
/** Where PVE's own pages put the drive, then others; a q35 machine has the first two alone. */
const cloudInitSlots = ['ide2', 'ide0', 'ide1', 'ide3']

/** The address by cloud-init, and a drive for it where there is none yet: without one the guest would keep its old address. */
function addressed(drives: Config, { storage, ipconfig }: Wiring): Config {
  if (ipconfig === undefined) return {}
  const has = drivesOf(drives).some(({ volume }) => isCloudInit(volume))
  const slot = cloudInitSlots.find(name => drives[name] === undefined)
  const added = has || storage === undefined || slot === undefined ? {} : { [slot]: cloudInitDrive(storage) }
  return { ...added, ipconfig0: ipconfig }
}

/** Network cards as they are to be at the target, by slot. */
export function cardsAt(source: Config, { bridge, vlan, keepMac }: Wiring): [string, string][] {
  return cardsOf(source).map(({ slot, model, mac, options }) => {
    const { [model]: _mac, model: _model, macaddr: _address, bridge: _bridge, tag: _tag, ...others } = options
    const named = keepMac && mac !== '' ? { [model]: mac } : { model }
    const vlanTag = vlan === undefined ? {} : { tag: vlan }
    return [slot, printPropertyString({ ...named, bridge, ...vlanTag, ...others }, 'model')]
  })
}

export const realWiring = ({ target, network }: MachineSpec): Wiring => ({
  ipconfig: ipconfigOf(network, 'target'),
  storage: target.storage,
  bridge: target.bridge,
  vlan: target.vlan,
  keepMac: target.keepMac,
})
