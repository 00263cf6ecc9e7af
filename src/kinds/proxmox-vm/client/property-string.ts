/** `local:101/vm-101-disk-0.qcow2,size=512M`: the value without a name is that of `defaultKey`. */
export function parsePropertyString(text: string, defaultKey = ''): Record<string, string> {
  const fields = text.split(',').filter(part => part !== '')
  return Object.fromEntries(
    fields.map((part): [string, string] => {
      const at = part.indexOf('=')
      return at < 0 ? [defaultKey, part] : [part.slice(0, at), part.slice(at + 1)]
    }),
  )
}

/** The other way; the default key's value stands first, without its name. Undefined values are omitted. */
export function printPropertyString(
  fields: Record<string, string | number | undefined>,
  defaultKey = '',
): string {
  const first = fields[defaultKey]
  const others = Object.entries(fields).filter(([key, value]) => key !== defaultKey && value !== undefined)
  const named = others.map(([key, value]) => `${key}=${value}`)
  return [...(first === undefined ? [] : [String(first)]), ...named].join(',')
}

export type Drive = { slot: string; volume: string; storage: string; options: Record<string, string> }

/** Slots that hold a disk of the machine, whatever their bus. CD-ROMs and cloud-init drives are not among them. */
export function disksOf(config: Record<string, string>): Drive[] {
  return drivesOf(config).filter(({ options }) => options.media !== 'cdrom')
}

export function drivesOf(config: Record<string, string>): Drive[] {
  return Object.entries(config)
    .filter(([key]) => /^((scsi|virtio|sata|ide)\d+|efidisk0|tpmstate0)$/.test(key))
    .map(([slot, text]) => {
      const { file = '', ...options } = parsePropertyString(text, 'file')
      const colon = file.indexOf(':')
      return { slot, volume: file, storage: colon < 0 ? '' : file.slice(0, colon), options }
    })
}

/** `local:101/vm-101-cloudinit.qcow2`, `thin:vm-101-cloudinit`; `local:cloudinit` until PVE has made it. */
export const isCloudInit = (volume: string): boolean => /[:/](vm-\d+-)?cloudinit(\.\w+)?$/.test(volume)

export type Card = {
  slot: string
  model: string
  mac: string
  bridge: string
  vlan?: number
  /** All of it, for writing it back with another bridge. */
  options: Record<string, string>
}

/** `virtio=BC:24:11:00:00:01,bridge=vmbr0,tag=20`, where the model is the key of the MAC address, or both by their own keys. */
export function cardsOf(config: Record<string, string>): Card[] {
  return Object.entries(config)
    .filter(([key]) => /^net\d+$/.test(key))
    .map(([slot, text]) => {
      const options = parsePropertyString(text, 'model')
      const short = Object.entries(options).find(([key, value]) => key !== 'macaddr' && isMac(value))
      const [model, mac] = short ?? [options.model ?? '', options.macaddr ?? '']
      const vlan = options.tag === undefined ? {} : { vlan: Number(options.tag) }
      return { slot, model, mac, bridge: options.bridge ?? '', ...vlan, options }
    })
}

const isMac = (text: string): boolean => /^([0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}$/.test(text)

/** `512M`, `32G`, `1T`, or bytes; undefined for anything else. PVE counts in powers of 1024. */
export function diskSizeBytes(text: string | undefined): number | undefined {
  const [, figure, unit = ''] = /^(\d+(?:\.\d+)?)([KMGT]?)$/.exec(text ?? '') ?? []
  return figure === undefined ? undefined : Math.round(Number(figure) * 1024 ** ' KMGT'.indexOf(unit || ' '))
}

/** `1`, `enabled=1,fstrim_cloned_disks=1`: the agent's device is in the machine. */
export const agentEnabled = (config: Record<string, string>): boolean =>
  parsePropertyString(config.agent ?? '', 'enabled').enabled === '1'
