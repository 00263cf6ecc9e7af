import { wayBack } from '../../failback/way-back.ts'
import { endsOf } from '../../sides.ts'
import { expected, type TransferMethod } from '../../transfer-method.ts'
import { compare } from '../../whole-disk/compare.ts'
import { freshArchive, seed } from '../backup-restore/actions/seed.ts'
import { copyOfArchive, heldArchive } from '../backup-restore/index.ts'
import { finalDelta } from './actions/final-delta.ts'
import { moveRunning, wayBackRunning } from './actions/move-running.ts'
import { forecast, forecastOnline } from './forecast.ts'
import { giveBack } from './migrate.ts'
import { possible, possibleOnline } from './possible.ts'

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
