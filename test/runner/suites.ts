/**
 * The suites that take long: seconds on 2 cores that do nothing else, as the last run of all counted them. They begin first, the
 * longest before the others: begun last, one would keep a worker after all others are done. `all`: left to `npm test -- --all`.
 */
export type Suite = { file: string; seconds: number; all?: true }

export const suites: Suite[] = [
  { file: 'test/lab/machines-night.test.ts', seconds: 480 },
  { file: 'test/lab/docs-commands.test.ts', seconds: 400, all: true },
  { file: 'test/lab/faults-night.test.ts', seconds: 600, all: true },
  { file: 'test/lab/docs-programs.test.ts', seconds: 300, all: true },
  { file: 'test/lab/back-as-it-was.test.ts', seconds: 180, all: true },
  { file: 'test/lab/night.test.ts', seconds: 178, all: true },
  { file: 'test/lab/secrets.test.ts', seconds: 168, all: true },
  { file: 'test/contract/postgres-night.test.ts', seconds: 147 },
  { file: 'test/contract/nftables.test.ts', seconds: 100 },
  { file: 'test/contract/files.test.ts', seconds: 98 },
  { file: 'test/contract/postgres-prepare.test.ts', seconds: 90 },
  { file: 'test/lab/bad-input.test.ts', seconds: 90, all: true },
  { file: 'test/contract/wireguard-night.test.ts', seconds: 79 },
  { file: 'test/lab/docs-labs.test.ts', seconds: 60 },
  { file: 'test/contract/wireguard.test.ts', seconds: 58 },
  { file: 'test/unit/docs-quick-lines.test.ts', seconds: 25 },
]

/** What boots guests, apart: emulated CPUs fill two cores. */
const booting = [
  'contract/guest-',
  'contract/hypervisor-',
  'contract/machine-',
  'contract/proxmox-',
  'lab/machines-',
]

export type Part = { name: string; folders: string[]; exclude: string[]; needsRoot?: true }

/** What Vitest runs, one part after the other, each with two files at a time. */
export const parts: Part[] = [
  {
    name: 'architecture, unit, property',
    folders: ['test/architecture', 'test/unit', 'test/property'],
    exclude: [],
  },
  {
    name: 'contract and laboratory',
    folders: ['test/contract', 'test/lab'],
    exclude: booting.map(beginning => `test/${beginning}*`),
    needsRoot: true,
  },
  {
    name: 'virtual machines',
    folders: booting.map(beginning => `test/${beginning}`),
    exclude: [],
    needsRoot: true,
  },
]

/** Of the quick level; the rest is for `--all`. */
export const leftToAll: string[] = suites.flatMap(({ file, all }) => (all ? [file] : []))
