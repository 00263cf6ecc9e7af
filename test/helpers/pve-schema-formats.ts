import { isIP, isIPv4, isIPv6 } from 'node:net'

type Test = RegExp | ((text: string) => boolean)

const storageId = /^[a-z][a-z0-9\-_.]*[a-z0-9]$/i
const volumeId = /^[a-z][a-z0-9\-_.]*[a-z0-9]:\S+$/i
const bridge = /^[-_.\w]+$/
const content = /^(images|rootdir|vztmpl|iso|backup|snippets|import|none)$/
const dnsName = /^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$/
const cidr = (isAddress: (text: string) => boolean, most: number) => (text: string) => {
  const [address = '', length = ''] = text.split('/')
  return isAddress(address) && /^\d+$/.test(length) && Number(length) <= most
}
/** `a:b`, or one name for all, or `1` for the same names. */
const pair = (name: RegExp) => (text: string) =>
  text === '1' || (text.split(':').length <= 2 && text.split(':').every(part => name.test(part)))
/** Keys and values of a format that the schema only names; `first` may stand without its key. */
const keyed =
  (keys: Record<string, RegExp>, required: string[], first = '') =>
  (text: string) => {
    const fields = text.split(',').map(part => (part.includes('=') ? part : `${first}=${part}`))
    const parsed = Object.fromEntries(
      fields.map(field => [field.slice(0, field.indexOf('=')), field.slice(field.indexOf('=') + 1)]),
    )
    return (
      required.every(key => parsed[key] !== undefined) &&
      Object.entries(parsed).every(([key, value]) => keys[key]?.test(value) === true)
    )
  }

/**
 * The formats that the schema names without saying what they are, as PVE's sources have them; those that no call of this
 * project uses are taken as they come. The names end in `-list` and `-opt` where PVE makes lists and absent ones of them.
 */
const formats: Record<string, Test> = {
  'pve-node': /^[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?$/,
  'pve-vmid': /^[1-9][0-9]{2,8}$/,
  'pve-configid': /^[a-z][a-z0-9_-]+$/i,
  'pve-storage-id': storageId,
  'pve-storage-content': content,
  'pve-volume-id': volumeId,
  'pve-volume-id-or-qm-path': text =>
    text === 'none' || text === 'cdrom' || /^\//.test(text) || volumeId.test(text),
  'pve-volume-id-or-absolute-path': text => /^\//.test(text) || volumeId.test(text),
  'pve-bridge-id': bridge,
  'pve-iface': /^[a-z][a-z0-9_]{1,20}([:.]\d+)?$/i,
  'pve-userid': /^[^\s:/]+@[A-Za-z][\w.-]+$/,
  'pve-tag': /^[a-z0-9_][a-z0-9_\-+.]*$/i,
  'pve-hotplug-features':
    /^([01]|(network|disk|cpu|memory|usb|cloudinit)([,;]\s*(network|disk|cpu|memory|usb|cloudinit))*)$/,
  'pve-ha-resource-or-vm-id': /^((vm|ct):)?\d+$/,
  'pve-replication-job-id': /^[1-9][0-9]{2,8}-\d{1,9}$/,
  'mac-addr': /^[a-f0-9][02468ace](:[a-f0-9]{2}){5}$/i,
  'disk-size': /^\d+(\.\d+)?[KMGT]?$/,
  'dns-name': dnsName,
  address: text => isIP(text) !== 0 || dnsName.test(text),
  ip: text => isIP(text) !== 0,
  ipv4: isIPv4,
  ipv6: isIPv6,
  CIDRv4: cidr(isIPv4, 32),
  CIDRv6: cidr(isIPv6, 128),
  CIDR: text => cidr(isIPv4, 32)(text) || cidr(isIPv6, 128)(text),
  'storage-pair': pair(storageId),
  'bridge-pair': pair(bridge),
  'proxmox-remote': keyed(
    {
      host: /^\S+$/,
      port: /^\d{1,5}$/,
      apitoken: /^PVEAPIToken=[^\s!=@]+@[\w.-]+![\w.-]+=\S+$/,
      fingerprint: /^([A-Fa-f0-9]{2}:){31}[A-Fa-f0-9]{2}$/,
    },
    ['host', 'apitoken'],
  ),
  'pve-qm-ipconfig': keyed({ ip: /^(dhcp|[\d.]+\/\d+)$/, gw: /^[\d.]+$/, ip6: /^\S+$/, gw6: /^\S+$/ }, []),
  'pve-vm-cpu-conf': keyed(
    {
      cputype: /^[\w.-]+$/,
      flags: /^[+-][\w.-]+(;[+-][\w.-]+)*$/,
      hidden: /^[01]$/,
      'hv-vendor-id': /^[A-Za-z0-9]{1,12}$/,
      'phys-bits': /^(8|[1-9]\d|host)$/,
      'reported-model': /^[\w.-]+$/,
      'guest-phys-bits': /^\d+$/,
    },
    ['cputype'],
    'cputype',
  ),
  'pve-qm-boot': /^(order=[\w;]+|legacy=[acdn]{1,4}|[acdn]{1,4})$/,
  'pve-qm-smbios1': /^([\w-]+=[^,]+)(,[\w-]+=[^,]+)*$/,
  'pve-startup-order': /^((order=)?\d+|up=\d+|down=\d+)(,(order=\d+|up=\d+|down=\d+))*$/,
  'backup-fleecing': keyed({ enabled: /^[01]$/, storage: storageId }, [], 'enabled'),
  urlencoded: /^[-%a-zA-Z0-9_.!~*'()]*$/,
}

/** Why a text is not of that format; undefined when it is, or when the format is not known here. */
export function checkNamedFormat(name: string, text: string): string | undefined {
  const test = formats[name]
  if (test) return passes(test, text) ? undefined : `is no ${name}`
  const [, single] = /^(.*)-(?:list|opt)$/.exec(name) ?? []
  const item = formats[single ?? '']
  if (!item) return undefined
  if (name.endsWith('-opt')) return text === '' || passes(item, text) ? undefined : `is no ${single}`
  const items = text.split(/[,;\s\0]+/).filter(part => part !== '')
  return items.every(part => passes(item, part)) ? undefined : `is no list of ${single}`
}

const passes = (test: Test, text: string): boolean =>
  typeof test === 'function' ? test(text) : test.test(text)
