import type { MachineFacts } from '../../facts.ts'
import { wayBack } from '../../failback/way-back.ts'
import { impossible } from '../../impossible.ts'
import { endsOf } from '../../sides.ts'
import { expected, type Possibility, type TransferMethod } from '../../transfer-method.ts'
import { compare } from '../../whole-disk/compare.ts'
import { freshArchive, seed } from '../backup-restore/actions/seed.ts'
import { possible as backupPossible, copyOfArchive, heldArchive } from '../backup-restore/index.ts'
import { finalDelta, moveRunning, wayBackRunning } from './actions/move.ts'
import { forecast, forecastOnline } from './forecast.ts'
import { giveBack } from './migrate.ts'

/** PVE migrates a machine or leaves it: test restores and rehearsals are made of an archive. */
const daysBefore = { storedCopy: heldArchive, makeCopy: copyOfArchive }
const [seconds, secondsOnline] = [expected(forecast), expected(forecastOnline)]

/** PVE's own remote_migrate of a machine that is off: everything over the API, the whole disk in the night. */
export const remoteMigrate: TransferMethod = {
  name: 'remote-migrate',
  keepsRunning: false,
  possible,
  forecast,
  steps: {
    preparation: [seed('remote-migrate.seed', about => seconds(about).seed)],
    rehearsal: [freshArchive('remote-migrate.fresh-archive', about => seconds(about).seed)],
    live: [
      finalDelta,
      compare('remote-migrate.compare', finalDelta, about => seconds(about).compare),
      wayBack('remote-migrate.way-back', { seconds }),
    ],
  },
  releaseSource: (of, io) => giveBack(io, endsOf(of)),
  ...daysBefore,
}

/**
 * The same of a machine that runs, which PVE calls experimental: taken only where the plan asks for it. Nothing stands still that
 * could be compared; what PVE's mirror has not copied, it does not switch to.
 */
export const remoteMigrateOnline: TransferMethod = {
  name: 'remote-migrate-online',
  keepsRunning: true,
  possible: possibleOnline,
  forecast: forecastOnline,
  steps: {
    preparation: [seed('remote-migrate-online.seed', about => secondsOnline(about).seed)],
    rehearsal: [freshArchive('remote-migrate-online.fresh-archive', about => secondsOnline(about).seed)],
    live: [moveRunning, wayBackRunning],
  },
  releaseSource: (of, io) => giveBack(io, endsOf(of)),
  ...daysBefore,
}

/** Both PVE have had remote_migrate since this version. */
const since: readonly [number, number] = [7, 3]

/**
 * PVE's own refusals, told before anything is begun. What the days before and the way back need of ssh and archives is asked
 * too: PVE has no undo of its own.
 */
function possible(machine: MachineFacts): Possibility {
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
function possibleOnline(machine: MachineFacts): Possibility {
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
