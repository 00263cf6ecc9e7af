import type { KeysOf, Sentences } from '../../model/text.ts'
import { shutdown } from './actions/shutdown.ts'
import { start, startCopy } from './actions/start.ts'
import { testRestore } from './actions/test-restore.ts'
import { audit } from './audit/audit.ts'
import { keepingTasks } from './client/kept-tasks.ts'
import { proxmoxVm } from './facts.ts'
import { writesLost } from './failback/way-back.ts'
import { findings } from './findings.ts'
import { startTime } from './machine/disk-rates.ts'
import { figures, measuresBy } from './measures.ts'
import en from './messages/en.json' with { type: 'json' }
import fr from './messages/fr.json' with { type: 'json' }
import { methods, transferMethods, unprovenOf } from './methods/choose.ts'

const messages: Sentences<typeof en> = { en, fr }

declare module '../../model/text.ts' {
  interface MessageKeys extends KeysOf<typeof en> {}
}

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
  lackingRules: ['tool-missing'],
  unproven: ({ spec }) => unprovenOf(spec.way),
  audit,
  steadyFacts: [
    'sourceVersion',
    'targetVersion',
    'name',
    'memoryMegabytes',
    'cpuType',
    'cards',
    'targetBridges',
  ],
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
  provides: { boots: ({ spec }) => ({ seconds: startTime(spec) }) },
  // blocks written at the target are recorded there; without the record the rollback copies every block that differs
  returnPath: 'none',
  measures: measuresBy(methods),
  losesWithout: async (measuring, side) =>
    side === 'target' && measuring.wasBegun(common.start)
      ? { text: [writesLost(measuring)], figures: {} }
      : undefined,
})
