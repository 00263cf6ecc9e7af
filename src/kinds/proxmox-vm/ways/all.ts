import type { Json } from '../../../model/json.ts'
import type { WayName } from '../spec.ts'
import { backupRestore } from './backup-restore/index.ts'
import { remoteMigrate, remoteMigrateOnline } from './remote-migrate/index.ts'
import { seedAndDelta } from './seed-and-delta/index.ts'
import { actionName, type Way } from './way.ts'
import { zfsSend } from './zfs-send/index.ts'

/** The first is taken for planning where the facts allow none: the findings then say why nothing may begin. */
export const ways: readonly Way[] = [seedAndDelta, zfsSend, backupRestore, remoteMigrate, remoteMigrateOnline]

export const wayNamed = (name: WayName | Json | undefined): Way => {
  const [first] = ways
  const found = ways.find(way => way.name === name) ?? first
  if (found === undefined) throw new TypeError('there is no way at all')
  return found
}

/** Every way's own actions by the name that steps have them by. */
export const wayActions = () =>
  Object.fromEntries(
    ways.flatMap(({ name, actions }) =>
      Object.entries(actions).map(([step, action]) => [actionName(name, step), action]),
    ),
  )
