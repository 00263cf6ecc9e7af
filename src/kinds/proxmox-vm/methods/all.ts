import { machineFacts } from '../facts.ts'
import { linkMbpsOf } from '../machine/disk-rates.ts'
import type { Methods, TransferMethod } from '../transfer-method.ts'
import { backupRestore } from './backup-restore/index.ts'
import { chooseMethod } from './choose.ts'
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

export const methods: Methods = {
  chosen(about) {
    const { facts, spec } = about
    const choice = chooseMethod(transferMethods, machineFacts(facts), spec, linkMbpsOf(about))
    return choice?.way ?? methods.named(spec.way)
  },
  named: name => transferMethods.find(method => method.name === name) ?? seedAndDelta,
}
