import { z } from 'zod'

/** A name of a zone, a VLAN, or of some of the gateway's addresses. It becomes part of a chain's name. */
export const named = () => z.string().regex(/^[a-z][a-z0-9-]{0,30}$/, 'nftables.spec.name')
export const interfaceName = () =>
  z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.@-]{0,14}$/, 'nftables.spec.interface')
export const address = () => z.union([z.ipv4(), z.ipv6()], 'nftables.spec.address')
export const network = () => z.union([z.cidrv4(), z.cidrv6()], 'nftables.spec.network')
export const absolutePath = () => z.string().regex(/^\/[\w./+@-]*[\w+@-]$/, 'nftables.spec.absolute')

const single = () =>
  z.int('nftables.spec.port').min(1, 'nftables.spec.port').max(65_535, 'nftables.spec.port')
const range = () =>
  z
    .string('nftables.spec.port')
    .regex(/^\d{1,5}-\d{1,5}$/, 'nftables.spec.port')
    .refine(text => {
      const [from = 0, to = 0] = text.split('-').map(Number)
      return from >= 1 && from < to && to <= 65_535
    }, 'nftables.spec.port')

/** A port, or a range as text: `60000-60050`. */
export const port = () => z.union([single(), range()], 'nftables.spec.port')
export type Port = number | string

/** Both ends of a port or a range. */
export function endsOf(value: Port): { from: number; to: number } {
  const [from = 0, to = from] = String(value).split('-').map(Number)
  return { from, to }
}
