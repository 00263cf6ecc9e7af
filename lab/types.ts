import type { Text } from '../src/model/text.ts'
import type { Size } from './estate/seed/sizes.ts'

export type SiteName = 'montpellier' | 'toulouse' | 'internet'

/** How much data the estate holds. */
export type LabSize = Size

/**
 * What is raised beside the gateways and the link. `services` needs, and so brings, `database` and `files`. `machines` is
 * a hypervisor at each site; with `services` too, authentication and courses are guests of Montpellier's instead of
 * programs on hosts of their own. `network` is what a gateway has beside cables: firewall, VPN, an office, Toulouse's
 * backup line, and machines outside that try them. Omitted: all of them.
 */
export type LabPart = 'database' | 'files' | 'services' | 'dns' | 'machines' | 'network'

export type LabOptions = {
  /** Small letters, digits and dashes; at most 20. */
  name: string
  size: LabSize
  /** Rate of the link between the sites, each way. */
  linkMbps: number
  parts?: readonly LabPart[]
  /** Which of Montpellier's guests are there, by role, where `machines` are: emulated CPUs are dear. Omitted: all. */
  guests?: readonly string[]
  /** Puts a directory of a host on a disk of this size, so that it can be filled: host name → path → size. */
  smallDisks?: Record<string, Record<string, number>>
  /** False: PostgreSQL and the files are there, but empty. Default true. */
  seed?: boolean
  /** TTL of the zone's records when the lab starts; the field's usual 300 s would make a demo wait for it. */
  initialTtlSeconds?: number
  onProgress?: (text: Text) => void
}

export type LabHost = {
  /** Name for `ssh -F <sshConfigFile>`. */
  ssh: string
  address: string
  /** Of the host's init, as the machine that runs the lab sees it. */
  pid: number
  namespace: string
}

export type Lab = {
  name: string
  /** 0..19: the lab's place among those running side by side; gives its addresses. */
  index: number
  /** First two bytes of every address of the lab, e.g. `10.80`. */
  prefix: string
  directory: string
  sshConfigFile: string
  secretsDirectory: string
  overlayFile: string
  hosts: Record<string, LabHost>
}
