import type { GuestFile } from './configure.ts'
import type { GuestProgram } from './programs.ts'

export type GuestIdentity = {
  program: GuestProgram
  /** With its length, e.g. `10.80.1.30/24`. */
  address: string
  gateway: string
  /** Name → address of every neighbour the program asks, e.g. `database`. The program knows names alone. */
  others: Record<string, string>
  /** Of the program; may hold secrets. */
  environment: Record<string, string>
}

/** Its state: the part of the disk that has to come along. */
export const stateDirectory = (program: GuestProgram) => `/var/lib/estate/${program}`

/** The files that make a common disk this guest's. An address stands in /etc/network/interfaces and /etc/hosts alone. */
export function identityFiles(identity: GuestIdentity): GuestFile[] {
  const { program, environment } = identity
  const all = { PROGRAM: program, STATE_DIRECTORY: stateDirectory(program), ...environment }
  return [
    { path: '/etc/hostname', content: `${program}\n`, mode: 0o644 },
    { path: '/etc/network/interfaces', content: interfacesFile(identity), mode: 0o644 },
    { path: '/etc/hosts', content: hostsFile(identity), mode: 0o644 },
    // Read by a shell: quoted. Root's own: the program gets it as its environment.
    { path: '/etc/estate/program.env', content: shellAssignments(all), mode: 0o600 },
  ]
}

const interfacesFile = ({ address, gateway }: GuestIdentity): string =>
  [
    'auto lo',
    'iface lo inet loopback',
    '',
    'auto eth0',
    'iface eth0 inet static',
    `    address ${address.split('/')[0]}`,
    `    netmask ${netmaskOf(Number(address.split('/')[1]))}`,
    `    gateway ${gateway}`,
    '',
  ].join('\n')

/** busybox reads no `address 10.0.0.1/24`. */
const netmaskOf = (length: number): string =>
  [0, 8, 16, 24].map(before => 256 - 2 ** (8 - Math.max(0, Math.min(8, length - before)))).join('.')

const hostsFile = ({ program, address, others }: GuestIdentity): string =>
  [
    '127.0.0.1 localhost',
    `${address.split('/')[0]} ${program}`,
    ...Object.entries(others).map(([name, neighbour]) => `${neighbour} ${name}`),
    '',
  ].join('\n')

const shellAssignments = (values: Record<string, string>): string =>
  Object.entries(values)
    .map(([key, value]) => `${key}='${value.replaceAll("'", `'\\''`)}'\n`)
    .join('')
