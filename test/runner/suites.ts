/**
 * The suites that take longer than 20 s, with the seconds they take on 2 cores. They begin first, the longest before the others:
 * begun last, one would keep a worker after all others are done. `all`: left to `npm test -- --all`.
 */
export type Suite = { file: string; seconds: number; all?: true }

/** Whole nights but one, the ways and the bad night of a machine, and what changes with the laboratory alone, wait for `--all`. */
export const suites: Suite[] = [
  { file: 'test/lab/faults-night.test.ts', seconds: 480, all: true },
  { file: 'test/lab/machines-night.test.ts', seconds: 464, all: true },
  { file: 'test/lab/site-dies.test.ts', seconds: 430, all: true },
  { file: 'test/lab/docs-commands.test.ts', seconds: 420, all: true },
  { file: 'test/lab/docs-programs.test.ts', seconds: 230, all: true },
  { file: 'test/contract/proxmox-remote-migrate.test.ts', seconds: 204, all: true },
  { file: 'test/lab/back-as-it-was.test.ts', seconds: 160, all: true },
  { file: 'test/contract/postgres-return-path.test.ts', seconds: 157, all: true },
  { file: 'test/lab/install.test.ts', seconds: 240, all: true },
  { file: 'test/lab/secrets.test.ts', seconds: 143, all: true },
  { file: 'test/contract/proxmox-backup-restore.test.ts', seconds: 135, all: true },
  { file: 'test/lab/night.test.ts', seconds: 130 },
  { file: 'test/contract/postgres-night.test.ts', seconds: 145 },
  { file: 'test/contract/postgres-safety-copy.test.ts', seconds: 120, all: true },
  { file: 'test/contract/postgres-dump.test.ts', seconds: 110, all: true },
  { file: 'test/contract/proxmox-bad-night.test.ts', seconds: 120, all: true },
  { file: 'test/contract/proxmox-seed-and-delta.test.ts', seconds: 96, all: true },
  { file: 'test/contract/nftables.test.ts', seconds: 90 },
  { file: 'test/contract/files.test.ts', seconds: 92 },
  { file: 'test/contract/postgres-prepare.test.ts', seconds: 76 },
  { file: 'test/lab/bad-input.test.ts', seconds: 70, all: true },
  { file: 'test/contract/control-room.test.ts', seconds: 60 },
  { file: 'test/contract/wireguard-night.test.ts', seconds: 67, all: true },
  { file: 'test/contract/machine-images.test.ts', seconds: 62 },
  { file: 'test/contract/postgres-synchronous.test.ts', seconds: 60, all: true },
  { file: 'test/contract/dns-lab.test.ts', seconds: 52 },
  { file: 'test/lab/docs-labs.test.ts', seconds: 51, all: true },
  { file: 'test/contract/wireguard.test.ts', seconds: 49 },
  { file: 'test/property/simulated-nights.test.ts', seconds: 40 },
  { file: 'test/contract/guest-image.test.ts', seconds: 48, all: true },
  { file: 'test/contract/service.test.ts', seconds: 47 },
  { file: 'test/contract/service-without-http.test.ts', seconds: 45 },
  { file: 'test/contract/files-older-rsync.test.ts', seconds: 45, all: true },
  { file: 'test/contract/discover.test.ts', seconds: 45 },
  { file: 'test/contract/line.test.ts', seconds: 45 },
  { file: 'test/contract/vpn-lab.test.ts', seconds: 45, all: true },
  { file: 'test/contract/transfers-line-lost.test.ts', seconds: 42, all: true },
  { file: 'test/contract/wireguard-killed.test.ts', seconds: 41, all: true },
  { file: 'test/lab/lab-up-down.test.ts', seconds: 40, all: true },
  { file: 'test/contract/files-fence.test.ts', seconds: 40 },
  { file: 'test/contract/forwarder.test.ts', seconds: 39 },
  { file: 'test/contract/proxmox-audit.test.ts', seconds: 38 },
  { file: 'test/contract/dns-lab-faults.test.ts', seconds: 37, all: true },
  { file: 'test/lab/lab-network.test.ts', seconds: 33, all: true },
  { file: 'test/contract/estate-state.test.ts', seconds: 30, all: true },
  { file: 'test/contract/hypervisor-guest.test.ts', seconds: 26, all: true },
  { file: 'test/unit/kind-files.test.ts', seconds: 32 },
  { file: 'test/lab/estate-users.test.ts', seconds: 24, all: true },
  { file: 'test/unit/docs-quick-lines.test.ts', seconds: 24 },
  { file: 'test/lab/lab-estate.test.ts', seconds: 22 },
  { file: 'test/lab/lab-faults.test.ts', seconds: 21, all: true },
  { file: 'test/contract/estate-users.test.ts', seconds: 19, all: true },
  { file: 'test/contract/hypervisor-proxmoxer.test.ts', seconds: 14, all: true },
]

/** Of the quick level; the rest is for `--all`. */
export const leftToAll: string[] = suites.flatMap(({ file, all }) => (all ? [file] : []))

/** What boots guests: emulated CPUs fill two cores. */
const booting = [
  'test/contract/guest-',
  'test/contract/hypervisor-',
  'test/contract/proxmox-',
  'test/lab/machines-',
]

/** `workers`: files at a time; two cores carry three estates, which wait for one another's answers most of the time. */
export type Part = {
  name: string
  folders: string[]
  exclude: string[]
  workers: number
  needsRoot?: true
}

/** What Vitest runs, one part after the other. */
export function partsOf(level: 'quick' | 'all'): Part[] {
  const left = level === 'all' ? [] : leftToAll
  const withoutRoot: Part = {
    name: 'architecture, unit, property',
    folders: ['test/architecture', 'test/unit', 'test/property'],
    exclude: left,
    workers: 2,
  }
  const laboratory: Part = {
    name: 'contract and laboratory',
    folders: ['test/contract', 'test/lab'],
    exclude: left,
    workers: 3,
    needsRoot: true,
  }
  // Its users are many: beside other suites the services answer late.
  const night: Part = {
    name: 'one whole night',
    folders: ['test/lab/night.test.ts'],
    exclude: [],
    workers: 1,
    needsRoot: true,
  }
  if (level === 'quick') return [withoutRoot, { ...laboratory, exclude: [...left, ...night.folders] }, night]
  return [
    withoutRoot,
    { ...laboratory, exclude: booting.map(beginning => `${beginning}*`) },
    { ...laboratory, name: 'virtual machines', folders: booting, workers: 2 },
  ]
}
