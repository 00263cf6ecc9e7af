import type { Action } from '../../../model/kind.ts'
import { testRestore } from '../test-restore/test-restore.ts'
import { wayActions } from '../ways/all.ts'
import { shutdown } from './shutdown.ts'
import { start } from './start.ts'
import { startCopy } from './start-copy.ts'

/** Those that all ways share, and each way's own. */
export const actions: Record<string, Action> = {
  'test-restore': testRestore,
  shutdown,
  start,
  'start-copy': startCopy,
  ...wayActions(),
}
