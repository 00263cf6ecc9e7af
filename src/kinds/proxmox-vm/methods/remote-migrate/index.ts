import { returnPath } from '../../failback/way-back.ts'
import { endsOf } from '../../machine/ends.ts'
import type { TransferMethod } from '../../transfer-method.ts'
import { compare } from '../../whole-disk/compare.ts'
import { seed } from '../backup-restore/actions/seed.ts'
import { copyOfArchive, heldArchive } from '../backup-restore/index.ts'
import { finalDelta } from './actions/final-delta.ts'
import { moveRunning, wayBackRunning } from './actions/move-running.ts'
import { forecast, forecastOnline } from './forecast.ts'
import { giveBack } from './migrate.ts'
import { planRemoteMigrate, planRemoteMigrateOnline } from './plan.ts'
import { possible, possibleOnline } from './possible.ts'

const daysBefore = { storedCopy: heldArchive, makeCopy: copyOfArchive }

/** PVE's own remote_migrate of a machine that is off: everything over the API, the whole disk in the night. */
export const remoteMigrate: TransferMethod = {
  name: 'remote-migrate',
  keepsRunning: false,
  possible,
  forecast,
  plan: planRemoteMigrate,
  actions: { seed, 'final-delta': finalDelta, compare, 'way-back': returnPath },
  releaseSource: (of, io) => giveBack(io, endsOf(of)),
  ...daysBefore,
}

/** The same of a machine that runs, which PVE calls experimental: taken only where the plan asks for it. */
export const remoteMigrateOnline: TransferMethod = {
  name: 'remote-migrate-online',
  keepsRunning: true,
  possible: possibleOnline,
  forecast: forecastOnline,
  plan: planRemoteMigrateOnline,
  actions: { seed, 'final-delta': moveRunning, 'way-back': wayBackRunning },
  releaseSource: (of, io) => giveBack(io, endsOf(of)),
  ...daysBefore,
}
