import type { Json } from '../../../model/json.ts'
import type { MethodName } from '../spec.ts'
import { actionName, type TransferMethod } from '../transfer-method.ts'
import { backupRestore } from './backup-restore/index.ts'
import { remoteMigrate, remoteMigrateOnline } from './remote-migrate/index.ts'
import { seedAndDelta } from './seed-and-delta/index.ts'
import { zfsSend } from './zfs-send/index.ts'

/** The first is taken for planning where the facts allow none: the findings then say why nothing may begin. */
export const transferMethods: readonly TransferMethod[] = [
  seedAndDelta,
  zfsSend,
  backupRestore,
  remoteMigrate,
  remoteMigrateOnline,
]

export const methodNamed = (name: MethodName | Json | undefined): TransferMethod => {
  const [first] = transferMethods
  const found = transferMethods.find(way => way.name === name) ?? first
  if (found === undefined) throw new TypeError('there is no way at all')
  return found
}

/** Every way's own actions by the name that steps have them by. */
export const methodActions = () =>
  Object.fromEntries(
    transferMethods.flatMap(({ name, actions }) =>
      Object.entries(actions).map(([step, action]) => [actionName(name, step), action]),
    ),
  )
