import { composed, type Text } from '../../../../model/text.ts'
import type { MachineFacts } from '../../machine/facts.ts'
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
  if (snapshots.length > 0) return no('snapshots', { names: snapshots.join(', ') })
  if (ha) return no('ha', {})
  if (replicated) return no('replicated', {})
  if (localDevices.length > 0) return no('devices', { devices: localDevices.join(', ') })
  if (isOlder(sourceVersion) || isOlder(targetVersion))
    return no('version', { sourceVersion, targetVersion, since: since.join('.') })
  return backupPossible(machine)
}

/** The guest keeps its address across the move: it is reached again only once the step after has given it the target's. */
export function possibleOnline(machine: MachineFacts): Possibility {
  if (!machine.running) return no('off', {})
  // The address is changed from inside, without a boot that would read it from a file.
  if (!machine.agent) return no('agent', {})
  return possible(machine)
}

/** A version that nobody told is not called too old: PVE will say. */
function isOlder(version: string): boolean {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(version) ?? []
  if (major === undefined || minor === undefined) return false
  return Number(major) < since[0] || (Number(major) === since[0] && Number(minor) < since[1])
}

function no(why: string, values: Text['values'] & object): Possibility {
  const key = `proxmox-vm.migrate.impossible.${why}`
  return {
    possible: false,
    why: { key: composed(key), values },
    remedy: { key: composed(`${key}.remedy`), values },
  }
}
