/** A property string: `local:101/vm-101-disk-0.qcow2,size=4G`. The part without `=` belongs to `defaultKey`. */
export function parseProperties(text: string, defaultKey: string): Record<string, string> {
  const properties: Record<string, string> = {}
  for (const part of text.split(',').filter(part => part !== '')) {
    const at = part.indexOf('=')
    if (at < 0) properties[defaultKey] = part
    else properties[part.slice(0, at)] = part.slice(at + 1)
  }
  return properties
}

/** The default key comes first and without its name. */
export function formatProperties(properties: Record<string, string>, defaultKey: string): string {
  const { [defaultKey]: first, ...others } = properties
  const named = Object.entries(others).map(([key, value]) => `${key}=${value}`)
  return (first === undefined ? named : [first, ...named]).join(',')
}

const units: Record<string, number> = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 }

/** Bytes of `512M`, `4G`, `1073741824`; undefined when it is none. */
export function parseSize(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)([KMGT]?)$/.exec(text)
  return match ? Math.ceil(Number(match[1]) * (units[match[2] ?? ''] ?? 1)) : undefined
}

/** The largest unit that divides it, as PVE writes `size=`. */
export function formatSize(bytes: number): string {
  for (const unit of ['T', 'G', 'M', 'K']) {
    const factor = units[unit] ?? 1
    if (bytes >= factor && bytes % factor === 0) return `${bytes / factor}${unit}`
  }
  return String(bytes)
}

const drivePattern = /^(scsi|virtio|sata|ide|efidisk|tpmstate)\d+$/
export type Drive = { key: string; volid: string; options: Record<string, string> }

/** Drives that hold a disk of the machine, in the order of their names; no CD drives. */
export function drivesOf(config: Record<string, string>): Drive[] {
  return Object.entries(config)
    .filter(([key]) => drivePattern.test(key))
    .flatMap(([key, text]) => {
      const { file = '', ...options } = parseProperties(text, 'file')
      return options.media === 'cdrom' || file === 'none' ? [] : [{ key, volid: file, options }]
    })
    .sort((a, b) => a.key.localeCompare(b.key, 'en', { numeric: true }))
}
export const isDriveKey = (key: string): boolean => drivePattern.test(key)
export const formatDrive = ({ volid, options }: Drive): string =>
  formatProperties({ file: volid, ...options }, 'file')

export type Nic = {
  key: string
  model: string
  mac: string
  bridge: string | undefined
  options: Record<string, string>
}
const nicModels = ['virtio', 'e1000', 'e1000e', 'rtl8139', 'vmxnet3']

/** `virtio=BC:24:11:…,bridge=vmbr0,tag=20`, or `model=virtio,macaddr=…`. */
export function nicsOf(config: Record<string, string>): Nic[] {
  return Object.keys(config)
    .filter(key => /^net\d+$/.test(key))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .map(key => parseNic(key, config[key] ?? ''))
}

export function parseNic(key: string, text: string): Nic {
  const { model: named, macaddr, bridge, ...rest } = parseProperties(text, 'model')
  const short = nicModels.find(model => rest[model] !== undefined)
  const { [short ?? '']: shortMac, ...options } = rest
  return { key, model: named ?? short ?? 'virtio', mac: macaddr ?? shortMac ?? '', bridge, options }
}

export function formatNic({ model, mac, bridge, options }: Nic): string {
  const bridged = bridge === undefined ? {} : { bridge }
  return formatProperties({ [model]: mac, ...bridged, ...options }, 'model')
}
