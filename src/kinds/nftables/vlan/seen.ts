import type { ReadIo } from '../../../model/io.ts'

/** An interface of the gateway, of what `ip` tells. */
export type SeenLink = {
  name: string
  /** `bridge`, `veth`, `vlan`…; empty for a card. */
  sort: string
  /** The bridge it is a port of. */
  master: string | null
  isUp: boolean
  filtering: boolean
  addresses: string[]
}
/** VLAN ids by port, of what `bridge vlan show` tells. */
export type SeenVlans = Record<string, number[]>

type IpLink = {
  ifname?: string
  master?: string
  flags?: string[]
  linkinfo?: { info_kind?: string; info_data?: { vlan_filtering?: number } }
  addr_info?: { local?: string; prefixlen?: number; scope?: string }[]
}

export const showLinks = (): string[] => ['ip', '-j', '-d', 'address', 'show']
export const showVlans = (): string[] => ['bridge', '-j', 'vlan', 'show']

export async function linksAt(host: string, io: ReadIo): Promise<SeenLink[]> {
  return parseLinks((await io.read(host, showLinks())).stdout)
}

/** Empty where the kernel knows no VLANs. */
export async function vlansAt(host: string, io: ReadIo): Promise<SeenVlans> {
  const { exitCode, stdout } = await io.read(host, showVlans(), { allowFailure: true })
  return exitCode === 0 ? parseVlans(stdout) : {}
}

export const parseLinks = (json: string): SeenLink[] =>
  (JSON.parse(json || '[]') as IpLink[])
    .filter(link => link.ifname !== undefined)
    .map(({ ifname = '', master, flags, linkinfo, addr_info }) => ({
      name: ifname,
      sort: linkinfo?.info_kind ?? '',
      master: master ?? null,
      isUp: flags?.includes('UP') ?? false,
      filtering: linkinfo?.info_data?.vlan_filtering === 1,
      addresses: (addr_info ?? [])
        .filter(({ scope }) => scope !== 'link')
        .map(({ local, prefixlen }) => `${local}/${prefixlen}`),
    }))

export const parseVlans = (json: string): SeenVlans =>
  Object.fromEntries(
    (JSON.parse(json || '[]') as { ifname: string; vlans?: { vlan: number; vlanEnd?: number }[] }[]).map(
      ({ ifname, vlans }) => [
        ifname,
        (vlans ?? []).flatMap(({ vlan, vlanEnd = vlan }) =>
          Array.from({ length: vlanEnd - vlan + 1 }, (_, index) => vlan + index),
        ),
      ],
    ),
  )
