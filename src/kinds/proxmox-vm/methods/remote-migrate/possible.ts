import type { MachineFacts } from '../../facts.ts'
import { impossible } from '../../impossible.ts'
import type { Possibility } from '../../transfer-method.ts'
import { possible as backupPossible } from '../backup-restore/possible.ts'

/** Both PVE have had remote_migrate since this version. */
const since: readonly [number, number] = [7, 3]

/**
 * PVE's own refusals, told before anything is begun. What the days before and the way back need of ssh and archives is asked
 * too: PVE has no undo of its own.
 */
export function possible(machine: MachineFacts): Possibility {
  const { snapshots, ha, replicated, localDevices, sourceVersion, targetVersion } = machine
  if (snapshots.length > 0) return impossible('migrate.snapshots', { names: snapshots.join(', ') })
  if (ha) return impossible('migrate.ha')
  if (replicated) return impossible('migrate.replicated')
  if (localDevices.length > 0) return impossible('migrate.devices', { devices: localDevices.join(', ') })
  if (isOlder(sourceVersion) || isOlder(targetVersion))
    return impossible('migrate.version', { sourceVersion, targetVersion, since: since.join('.') })
  return backupPossible(machine)
}

/** The guest keeps its address across the move: it is reached again only once the step after has given it the target's. */
export function possibleOnline(machine: MachineFacts): Possibility {
  if (!machine.running) return impossible('migrate.off')
  // The address is changed from inside, without a boot that would read it from a file.
  if (!machine.agent) return impossible('migrate.agent')
  return possible(machine)
}

/** A version that nobody told is not called too old: PVE will say. */
function isOlder(version: string): boolean {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(version) ?? []
  if (major === undefined || minor === undefined) return false
  return Number(major) < since[0] || (Number(major) === since[0] && Number(minor) < since[1])
}
