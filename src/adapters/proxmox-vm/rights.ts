import type { SiteSide } from '../../model/plan.ts'
import { type MachineSpec, type WayName, wayNames } from './spec.ts'

/** Privileges that the token must have at a path; `ways` that want them, all ways when absent. */
export type Right = { side: SiteSide; path: string; privileges: string[]; ways?: WayName[] }

/**
 * `privileges` are those that lack, `wanted` all that the kind wants at that path: what a token is given at a path takes
 * the place of what it had from above.
 */
export type MissingRight = Right & { wanted: string[] }

/** Before PVE 9 one privilege stood for all that the guest's agent is asked. */
const firstWithGuestPrivileges = 9

/**
 * What the kind asks of PVE, as PVE's own calls demand it. Pure. `diskStorages`: where the machine's disks are at the source;
 * `release` as PVE says it: `9.1`. At the target the rights are wanted for all machines: test restores take any free number.
 */
export function rightsFor(
  spec: MachineSpec,
  side: SiteSide,
  release: string,
  diskStorages: string[],
): Right[] {
  return side === 'source' ? atSource(spec, release, diskStorages) : atTarget(spec, release)
}

const remoteWays: WayName[] = wayNames.filter(name => name.startsWith('remote-migrate'))

function atSource(spec: MachineSpec, release: string, diskStorages: string[]): Right[] {
  const side = 'source'
  const path = `/vms/${spec.vmid}`
  return [
    // onboot is taken away for the night, the address is looked at
    { side, path, privileges: ['VM.Audit', 'VM.PowerMgmt', 'VM.Config.Options', ...inGuest(spec, release)] },
    { side, path, privileges: ['VM.Backup'], ways: ['backup-restore'] },
    { side, path, privileges: ['VM.Migrate'], ways: remoteWays },
    ...diskStorages.map(
      storage => ({ side, path: `/storage/${storage}`, privileges: ['Datastore.Audit'] }) as Right,
    ),
  ]
}

function atTarget(spec: MachineSpec, release: string): Right[] {
  const side = 'target'
  const config = ['Disk', 'CDROM', 'CPU', 'Memory', 'Network', 'HWType', 'Options']
  if (isCloudInit(spec)) config.push('Cloudinit')
  const bridges = [...new Set([spec.target.bridge, spec.target.testBridge])]
  return [
    {
      side,
      path: '/vms',
      privileges: [
        ...['VM.Allocate', 'VM.Audit', 'VM.PowerMgmt', ...config.map(name => `VM.Config.${name}`)],
        ...inGuest(spec, release),
      ],
    },
    {
      side,
      path: `/storage/${spec.target.storage}`,
      privileges: ['Datastore.AllocateSpace', 'Datastore.Audit'],
    },
    ...bridges.map(
      bridge => ({ side, path: `/sdn/zones/localnetwork/${bridge}`, privileges: ['SDN.Use'] }) as Right,
    ),
    { side, path: '/', privileges: ['Sys.Incoming'], ways: remoteWays },
  ]
}

function inGuest(spec: MachineSpec, release: string): string[] {
  if (Number.parseInt(release, 10) < firstWithGuestPrivileges) return ['VM.Monitor']
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
