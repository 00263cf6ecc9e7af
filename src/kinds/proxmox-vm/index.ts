import { shutdown } from './actions/shutdown.ts'
import { start } from './actions/start.ts'
import { startCopy } from './actions/start-copy.ts'
import { testRestore } from './actions/test-restore.ts'
import { audit } from './audit.ts'
import { keepingTasks } from './client/kept-tasks.ts'
import { proxmoxVm } from './facts.ts'
import { findings } from './findings.ts'
import { figures, measuresBy } from './measures/index.ts'
import { messages } from './messages.ts'
import { methods, transferMethods } from './methods/all.ts'
import { unprovenOf } from './unproven.ts'

/** Those that all methods share. */
const common = {
  testRestore: testRestore(methods),
  shutdown: shutdown(methods),
  start: start(methods),
  startCopy: startCopy(methods),
}
const own = transferMethods.flatMap(({ steps }) => [...steps.preparation, ...steps.rehearsal, ...steps.live])

/** A virtual machine of Proxmox VE, moved to another cluster with its disks. */
export const kind = proxmoxVm.defineKind({
  messages,
  unproven: ({ spec }) => unprovenOf(spec.way),
  audit,
  findings,
  plan(about) {
    const { steps, keepsRunning } = methods.chosen(about)
    return {
      preparation: [...steps.preparation, common.testRestore],
      rehearsal: [...steps.rehearsal, common.startCopy],
      live: [...(keepsRunning ? [] : [common.shutdown]), ...steps.live, common.start],
      close: [],
    }
  },
  actions: [...Object.values(common), ...own].map(keepingTasks),
  figures,
  measures: measuresBy(methods),
})
