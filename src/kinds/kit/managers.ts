import { z } from 'zod'
import type { Argv, CommandResult } from '../../model/io.ts'
import { script } from './script.ts'

export type ManagerState = { installed: boolean; running: boolean; enabled: boolean }
/**
 * `active`: it runs now; `running` counts a start, a stop or a pause between two starts too. `life` changes with each start.
 * `block`: whether whoever would start it is refused; `begun`: something of that is there, and refuses nothing yet. `said`: the
 * manager's own words.
 */
export type UnitState = ManagerState & {
  active: boolean
  life: string
  block: 'none' | 'begun' | 'whole'
  said: string
}
/** One command of several; `input` is its standard input. */
export type Order = { argv: Argv; input?: string }

/**
 * What a service manager is to the kinds that start and stop something: argvs, and how to read its answer. Another manager is
 * another entry of `managers`. `unit` is what the plan gives: `{runit: auth}` has the unit `auth`.
 */
export type Manager = {
  describe: string
  /** May end with a non-zero exit code: `readState` judges. */
  status(unit: string): Argv
  readState(result: CommandResult): ManagerState
  /** Comes back after the service is gone, or fails when that takes longer than the seconds given. */
  stop(unit: string, waitSeconds: number): Argv
  /** Comes back at once; the health request says when the service is up. */
  start(unit: string): Argv
  /** Whether the service comes up with its host. */
  enable(unit: string): Argv
  disable(unit: string): Argv
  /** Asks for what `readLook` reads. */
  look(unit: string): Argv
  readLook(result: CommandResult): UnitState
  /**
   * Makes every start of the unit fail, whoever asks for it, also after a reboot, until `unblock`. It does not stop it. Each is for
   * a unit that is not so yet, and may be begun again at its start after a crash.
   */
  block(unit: string): Order[]
  /** Takes away what `block` made; what `block` has disabled stays so. */
  unblock(unit: string): Order[]
  /** Prints the unit's processes. */
  processes(unit: string): Argv
  /** Ends them at once: for people to type, never Bascule's own. */
  kill(unit: string): Argv
  /** The log's last lines, wherever this manager keeps it. */
  log(unit: string, lines: number): Argv
}

/** As `sv` reads a name: under /etc/service unless it is a path. */
const runitDirectory = (unit: string) => (unit.startsWith('/') ? unit : `/etc/service/${unit}`)
const baseName = (unit: string) => unit.slice(unit.lastIndexOf('/') + 1)

const lookRunit = script(import.meta.dirname, 'scripts/look-runit.sh')
const processesRunit = script(import.meta.dirname, 'scripts/processes-runit.sh')
/** runsv has nothing to start without `run`: a `down` file alone refuses no `sv up`. */
const runOf = (unit: string) => `${runitDirectory(unit)}/run`
const keptRunOf = (unit: string) => `${runOf(unit)}.blocked-by-bascule`

const runit: Manager = {
  describe: 'Name under /etc/service, or the path of the service directory; disabled by its `down` file',
  status: unit => ['sv', 'status', runitDirectory(unit)],
  readState: ({ stdout }) => {
    // "run: auth: (pid 42) 7s, normally down; run: log: …", "down: auth: 3s, normally up", "finish: …", "fail: …"
    const [own = ''] = stdout.split(';')
    const isUp = /^(run|finish):/.test(own)
    const installed = isUp || own.startsWith('down:')
    // Down between two starts of a service that keeps ending. A stop is not over before runsv has read it: until
    // then `sv up` would see that up is wanted already, and send nothing.
    const running = isUp || own.includes('want up')
    const enabled = isUp ? !own.includes('normally down') : own.includes('normally up')
    return { installed, running, enabled: installed && enabled }
  },
  stop: (unit, waitSeconds) => ['sv', '-w', String(Math.ceil(waitSeconds)), 'stop', runitDirectory(unit)],
  start: unit => ['sv', 'up', runitDirectory(unit)],
  enable: unit => ['rm', '-f', '--', `${runitDirectory(unit)}/down`],
  disable: unit => ['touch', '--', `${runitDirectory(unit)}/down`],
  look: unit => lookRunit.argv(runitDirectory(unit), keptRunOf(unit)),
  readLook: result => {
    const [own = ''] = result.stdout.split(';')
    const [said = ''] = result.stdout.split('\n')
    return {
      ...runit.readState(result),
      active: own.startsWith('run:') && !own.includes('want down'),
      life: /\(pid (\d+)\)/.exec(own)?.[1] ?? '',
      block: /^blocked$/m.test(result.stdout) ? 'whole' : 'none',
      said,
    }
  },
  // `down` first: without it a reboot has runsv try in vain each second.
  block: unit => [{ argv: runit.disable(unit) }, { argv: ['mv', '-T', '--', runOf(unit), keptRunOf(unit)] }],
  unblock: unit => [{ argv: ['mv', '-T', '--', keptRunOf(unit), runOf(unit)] }],
  processes: unit => processesRunit.argv(runitDirectory(unit)),
  kill: unit => ['sv', 'kill', runitDirectory(unit)],
  log: (unit, lines) => ['tail', '-n', String(lines), '--', `/var/log/${baseName(unit)}/current`],
}

/** As systemctl reads a name without its type. */
const fullName = (unit: string) =>
  /\.(service|socket|timer|path|target|mount|automount|swap|slice|scope|device)$/.test(unit)
    ? unit
    : `${unit}.service`
/**
 * An assertion that never holds refuses a start by people, sockets, timers, paths, D-Bus and the boot. `systemctl mask` does not do:
 * it refuses a unit whose file is in /etc/systemd/system, where people put their own.
 */
const refusal = '# Written by Bascule: the data are at the other site.\n[Unit]\nAssertPathExists=!/\n'
const refusalOf = (unit: string) => `/etc/systemd/system/${fullName(unit)}.d/zz-blocked-by-bascule.conf`
const reload: Order = { argv: ['systemctl', 'daemon-reload'] }
const property = (stdout: string, name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(stdout)?.[1] ?? ''
const lookSystemd = script(import.meta.dirname, 'scripts/look-systemd.sh')
/** What is on the disk alone refuses nothing until systemd has read it. */
const blockOf = (value: (name: string) => string): UnitState['block'] => {
  if (value('DropInPaths').includes('/zz-blocked-by-bascule.conf')) return 'whole'
  return value('Refusal') === '' ? 'none' : 'begun'
}

const systemd: Manager = {
  describe: 'Name of the systemd unit, e.g. auth.service',
  status: unit => ['systemctl', 'show', '--property=LoadState,ActiveState,UnitFileState', '--', unit],
  readState: ({ stdout }) => {
    const value = (name: string) => property(stdout, name)
    return {
      installed: value('LoadState') === 'loaded',
      running: ['active', 'activating', 'reloading', 'deactivating'].includes(value('ActiveState')),
      enabled: value('UnitFileState').startsWith('enabled'),
    }
  },
  // Waits by itself, up to the unit's own TimeoutStopSec.
  stop: unit => ['systemctl', 'stop', '--', unit],
  start: unit => ['systemctl', 'start', '--no-block', '--', unit],
  enable: unit => ['systemctl', 'enable', '--quiet', '--', unit],
  disable: unit => ['systemctl', 'disable', '--quiet', '--', unit],
  look: unit => lookSystemd.argv(unit, refusalOf(unit)),
  readLook: result => {
    const value = (name: string) => property(result.stdout, name)
    return {
      ...systemd.readState(result),
      active: ['active', 'reloading'].includes(value('ActiveState')),
      life: value('InvocationID'),
      block: blockOf(value),
      said: `${value('ActiveState')} (${value('SubState')})`,
    }
  },
  block: unit => [
    { argv: ['install', '-D', '-m', '0644', '--', '/dev/stdin', refusalOf(unit)], input: refusal },
    reload,
  ],
  unblock: unit => [{ argv: ['rm', '-f', '--', refusalOf(unit)] }, reload],
  processes: unit => ['systemctl', 'status', '--no-pager', '--full', '--lines=0', '--', unit],
  kill: unit => ['systemctl', 'kill', '-s', 'KILL', '--', unit],
  log: (unit, lines) => ['journalctl', '--no-pager', '--output=short', `--lines=${lines}`, `--unit=${unit}`],
}

export const managers = { runit, systemd } satisfies Record<string, Manager>
type ManagerName = keyof typeof managers

const entries = Object.entries(managers) as [ManagerName, Manager][]
export const unitName = z.string().regex(/^[A-Za-z0-9@._/:-]+$/, 'fields.unit')
const fields = Object.fromEntries(
  entries.map(([name, manager]) => [name, unitName.optional().describe(manager.describe)]),
) as Record<ManagerName, z.ZodOptional<typeof unitName>>

const managedBy = (sentence: string) =>
  z
    .strictObject(fields, sentence)
    .refine(value => Object.keys(value).length === 1, sentence)
    .meta({ minProperties: 1, maxProperties: 1 })

/** For what always has a manager. */
export const managedSpec = managedBy('fields.managed').describe('Service manager and the tunnel’s name in it')
export type ManagedSpec = z.infer<typeof managedSpec>

/** A service that lives and dies with its machine: whatever moves the machine starts and stops it. */
export const withoutManager = 'none'

export const managerSpec = z
  .union([managedBy('fields.manager'), z.literal(withoutManager)], 'fields.manager')
  .describe(
    'Service manager and the service’s name in it; `none` for a service that starts and stops with its VM',
  )
export type ManagerSpec = z.infer<typeof managerSpec>

/** The manager a plan names, and the unit it manages; undefined for a service that has none. */
export function managerOf(spec: ManagedSpec): { manager: Manager; unit: string }
export function managerOf(spec: ManagerSpec): { manager: Manager; unit: string } | undefined
export function managerOf(spec: ManagerSpec): { manager: Manager; unit: string } | undefined {
  if (spec === withoutManager) return undefined
  for (const [name, manager] of entries) {
    const unit = spec[name]
    if (unit !== undefined) return { manager, unit }
  }
  throw new TypeError('a validated plan names a manager')
}
