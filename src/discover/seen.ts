import type { Discovery, Found, HostFacts, Records } from '../model/discovery.ts'
import type { Kind } from '../model/kind.ts'
import type { SiteSide } from '../model/plan.ts'
import { factsIn, type Job, jobsIn, recordsOf } from './host-facts.ts'

/** What the scripts printed at one host, by their names: `host`, `jobs`, or a kind's. */
export type HostOutput = { side: SiteSide; ssh: string; outputs: Record<string, string> }

export type Certificate = { file: string; ends: string; subject: string; acme: boolean }
export type Mention = { file: string; line: string; address: string }
export type KindFound = { kind: string; discovery: Discovery; found: Found }
export type Guest = { id: string; name: string; disks: number }
/** A host as it was read. `reached`: the address that ssh came to. */
export type HostSeen = {
  side: SiteSide
  ssh: string
  reached: string
  asRoot: boolean
  facts: HostFacts
  jobs: Job[]
  timers: string[]
  running: string[]
  packages: string[]
  mail: string[]
  certificates: Certificate[]
  acme: string[]
  mentions: Mention[]
  /** Of nftables. */
  tables: { name: string; rules: number }[]
  /** Of Proxmox VE. */
  nodes: { name: string; fingerprint: string }[]
  machines: Guest[]
  containers: Guest[]
  found: KindFound[]
  unseen: string[]
}

/** Pure: the same output always gives the same. */
export function hostSeen(output: HostOutput, kinds: Record<string, Kind>): HostSeen {
  const { side, ssh, outputs } = output
  const records = (name: string): Records => recordsOf(outputs[name] ?? '')
  const login = records('login')
  const facts = factsIn(records('host'), ssh)
  const of = (script: string, name: string) =>
    records(script).flatMap(([first, ...rest]) => (first === name ? [rest] : []))
  const first = (script: string, name: string) => of(script, name).map(([value = '']) => value)
  const isRoot = login.some(([name, value]) => name === 'user' && value === '0')
  return {
    side,
    ssh,
    reached: first('login', 'reached')[0] ?? '',
    asRoot: isRoot || login.some(([name]) => name === 'sudo'),
    facts,
    jobs: jobsIn(records('jobs')),
    timers: first('jobs', 'timer'),
    running: first('jobs', 'running'),
    packages: first('jobs', 'package'),
    mail: first('jobs', 'mail'),
    certificates: of('certificates', 'certificate').map(
      ([file = '', ends = '', subject = '', acme = '']) => ({ file, ends, subject, acme: acme === 'yes' }),
    ),
    acme: first('certificates', 'acme'),
    mentions: of('mentions', 'mention').map(([file = '', line = '', address = '']) => ({
      file,
      line,
      address,
    })),
    tables: of('platforms', 'table').map(([name = '', rules = '']) => ({ name, rules: Number(rules) })),
    nodes: of('platforms', 'node').map(([name = '', fingerprint = '']) => ({ name, fingerprint })),
    machines: guestsIn(of('platforms', 'qemu-server')),
    containers: guestsIn(of('platforms', 'lxc')),
    found: Object.entries(kinds).flatMap(([kind, { discover }]) =>
      discover === undefined
        ? []
        : discover.read(records(kind), facts).map(found => ({ kind, discovery: discover, found })),
    ),
    unseen: [...new Set(Object.keys(outputs).flatMap(script => first(script, 'unseen')))].sort(),
  }
}

const guestsIn = (records: readonly string[][]): Guest[] =>
  records.map(([id = '', name = '', disks = '']) => ({ id, name, disks: Number(disks) }))
