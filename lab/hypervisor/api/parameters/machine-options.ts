import { type Properties, type Property, string } from './property.ts'

/** Every option of a machine's configuration, under the privilege that changing it takes. */
const flag: Property = { type: 'boolean' }
const whole = (minimum: number, maximum?: number): Property => ({
  type: 'integer',
  minimum,
  ...(maximum === undefined ? {} : { maximum }),
})
const oneOf = (...values: string[]): Property => ({ type: 'string', enum: values })
const fraction: Property = { type: 'number', minimum: 0 }

const cpu: Properties = {
  cores: whole(1),
  cpu: string,
  cpulimit: { ...fraction, maximum: 128 },
  cpuunits: whole(1, 262_144),
  numa: flag,
  'numa[n]': string,
  smp: whole(1),
  sockets: whole(1),
  vcpus: whole(1),
}
const memory: Properties = { memory: string, balloon: whole(0), shares: whole(0, 50_000), 'allow-ksm': flag }
const hardware: Properties = {
  acpi: flag,
  audio0: string,
  hotplug: string,
  kvm: flag,
  machine: string,
  rng0: string,
  scsihw: oneOf('lsi', 'lsi53c810', 'virtio-scsi-pci', 'virtio-scsi-single', 'megasas', 'pvscsi'),
  smbios1: { type: 'string', maxLength: 512 },
  tablet: flag,
  vga: string,
  watchdog: string,
}
const general: Properties = {
  agent: string,
  autostart: flag,
  bios: oneOf('seabios', 'ovmf'),
  description: { type: 'string', maxLength: 8192 },
  keyboard: string,
  localtime: flag,
  migrate_downtime: fraction,
  migrate_speed: whole(0),
  name: { type: 'string', format: 'dns-name' },
  onboot: flag,
  ostype: oneOf(
    ...['other', 'wxp', 'w2k', 'w2k3', 'w2k8', 'wvista', 'win7', 'win8', 'win10', 'win11'],
    ...['l24', 'l26', 'solaris'],
  ),
  protection: flag,
  reboot: flag,
  startdate: string,
  startup: string,
  tdf: flag,
  template: flag,
}
const power: Properties = { freeze: flag }
const disk: Properties = { boot: string, bootdisk: string, vmstatestorage: string }
const network: Properties = { 'net[n]': string }
const cloudInit: Properties = {
  cicustom: string,
  cipassword: string,
  citype: oneOf('configdrive2', 'nocloud', 'opennebula'),
  ciupgrade: flag,
  ciuser: string,
  'ipconfig[n]': string,
  nameserver: string,
  searchdomain: string,
  sshkeys: string,
}
/** Drives: who may name which depends on the volume, so it is asked where they are used. */
export const drives: Properties = {
  'ide[n]': string,
  'sata[n]': string,
  'scsi[n]': string,
  'virtio[n]': string,
  efidisk0: string,
  tpmstate0: string,
}
/** Devices of the host and tags, judged by their value. */
const devices: Properties = {
  cdrom: string,
  'unused[n]': string,
  'serial[n]': string,
  'usb[n]': string,
  'hostpci[n]': string,
  'parallel[n]': string,
  'virtiofs[n]': string,
  tags: string,
}
/** Root's alone. */
const rootOnly: Properties = {
  affinity: string,
  'amd-sev': string,
  arch: oneOf('x86_64', 'aarch64'),
  args: string,
  hookscript: string,
  hugepages: oneOf('any', '2', '1024'),
  'intel-tdx': string,
  ivshmem: string,
  keephugepages: flag,
  lock: oneOf(
    ...['backup', 'clone', 'create', 'migrate', 'rollback', 'snapshot', 'snapshot-delete'],
    ...['suspending', 'suspended'],
  ),
  spice_enhancements: string,
  vmgenid: string,
}

export const optionGroups = {
  cpu,
  memory,
  hardware,
  general,
  power,
  disk,
  network,
  cloudInit,
  drives,
  devices,
}
export type OptionGroup = keyof typeof optionGroups

/** All of them, as the methods that create and change machines take them: none is required. */
export const machineOptions: Properties = Object.fromEntries(
  [...Object.values(optionGroups), rootOnly]
    .flatMap(group => Object.entries(group))
    .map(([name, property]) => [name, { ...property, optional: 1 as const }]),
)
