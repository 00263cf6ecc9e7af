import type { SiteSide } from '../../model/plan.ts'
import type { ReadPve } from './client/read.ts'
import type { MissingRight } from './facts.ts'
import { type MachineSpec, type MethodName, methodNames } from './spec.ts'

/** Privileges that the token must have at a path; `ways` that want them, all ways when absent. */
type Right = { side: SiteSide; path: string; privileges: string[]; ways?: MethodName[] }

/** Before PVE 9 one privilege stood for all that the guest's agent is asked. */
const firstWithGuestPrivileges = 9
/** Before PVE 8 everybody could use every bridge. */
const firstWithBridgeRights = 8
const majorOf = (release: string): number => Number.parseInt(release, 10)

/** Storages that the work touches at a side: those of the machine's disks, and the one that takes archives. */
type Touched = {
  disks: readonly string[]
  archives?: string | undefined
  /** Bridges of PVE's own SDN that the token is shown: it may use them, and their rights are at their zone. */
  vnets?: readonly string[]
}

/**
 * What the kind asks of PVE, as PVE's own calls demand it. Pure. `release` as PVE says it: `9.1`. At the target the rights
 * are wanted for all machines: test restores take any free number.
 */
export function rightsFor(spec: MachineSpec, side: SiteSide, release: string, touched: Touched): Right[] {
  const machines = side === 'source' ? `/vms/${spec.vmid}` : '/vms'
  const storages = side === 'source' ? touched.disks : [spec.target.storage]
  const right = (path: string, privileges: string[], ways?: MethodName[]): Right =>
    ways === undefined ? { side, path, privileges } : { side, path, privileges, ways }
  return [
    right(machines, [...(side === 'source' ? onSource : onTarget(spec)), ...inGuest(spec, release)]),
    right(machines, ['VM.Backup'], archiveWays),
    ...storages.map(storage =>
      right(`/storage/${storage}`, side === 'source' ? ['Datastore.Audit'] : storageOfDisks),
    ),
    ...(touched.archives === undefined
      ? []
      : [right(`/storage/${touched.archives}`, storageOfDisks, archiveWays)]),
    ...(side === 'source'
      ? [right(machines, ['VM.Migrate'], remoteWays)]
      : [
          ...(majorOf(release) < firstWithBridgeRights ? [] : bridgesOf(spec, touched)).map(bridge =>
            right(`/sdn/zones/localnetwork/${bridge}`, ['SDN.Use']),
          ),
          // PVE's own migration first asks the cluster there for its node, which wants Sys.Audit.
          right('/', ['Sys.Incoming', 'Sys.Audit'], remoteWays),
        ]),
  ]
}

const remoteWays: MethodName[] = methodNames.filter(name => name.startsWith('remote-migrate'))
/** PVE's own migration has no test before the night: an archive is made, sent and tried for it too. */
const archiveWays: MethodName[] = ['backup-restore', ...remoteWays]
const storageOfDisks = ['Datastore.AllocateSpace', 'Datastore.Audit']
/** Options: `onboot` is taken away for the night. */
const onSource = ['VM.Audit', 'VM.PowerMgmt', 'VM.Config.Options']

const onTarget = (spec: MachineSpec): string[] => [
  ...['VM.Allocate', 'VM.Audit', 'VM.PowerMgmt'],
  ...['Disk', 'CDROM', 'CPU', 'Memory', 'Network', 'HWType', 'Options'].map(name => `VM.Config.${name}`),
  ...(isCloudInit(spec) ? ['VM.Config.Cloudinit'] : []),
]

const bridgesOf = ({ target }: MachineSpec, { vnets = [] }: Touched): string[] =>
  [...new Set([target.bridge, target.testBridge])].filter(bridge => !vnets.includes(bridge))

function inGuest(spec: MachineSpec, release: string): string[] {
  if (majorOf(release) < firstWithGuestPrivileges) return ['VM.Monitor']
  const runs = spec.probes.length > 0 || (spec.network !== undefined && 'apply' in spec.network)
  const files = spec.network !== undefined && 'files' in spec.network && spec.network.files.length > 0
  return [
    'VM.GuestAgent.Audit',
    ...(runs ? ['VM.GuestAgent.Unrestricted'] : []),
    ...(files && !runs ? ['VM.GuestAgent.FileRead', 'VM.GuestAgent.FileWrite'] : []),
  ]
}

const isCloudInit = ({ network }: MachineSpec): boolean =>
  network !== undefined && 'cloudInit' in network && network.cloudInit

/** Of each right wanted, the privileges that the token has not; omitted where it has all. */
export async function missingRights(pve: ReadPve, wanted: readonly Right[]): Promise<MissingRight[]> {
  const paths = [...new Set(wanted.map(({ path }) => path))]
  const held = new Map<string, Set<string>>()
  for (const path of paths) held.set(path, await heldAt(pve, path))
  return wanted
    .map(right => ({
      ...right,
      wanted: wanted.filter(({ path }) => path === right.path).flatMap(({ privileges }) => privileges),
      privileges: right.privileges.filter(privilege => !held.get(right.path)?.has(privilege)),
    }))
    .filter(({ privileges }) => privileges.length > 0)
}

/** PVE answers with the path and what holds there, whether it was given there or above. */
async function heldAt(pve: ReadPve, path: string): Promise<Set<string>> {
  const answer = await pve.permissions(path)
  return new Set(Object.keys(answer[path] ?? {}))
}
