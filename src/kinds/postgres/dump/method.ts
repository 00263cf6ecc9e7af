import type { Method } from '../method.ts'
import { sidesOf } from '../sides.ts'
import type { DumpSpec } from '../spec-dump.ts'
import { allowDump } from './actions/allow-dump.ts'
import { analyze } from './actions/analyze.ts'
import { compareRestored } from './actions/compare-restored.ts'
import { dump } from './actions/dump.ts'
import { dumpAccept } from './actions/dump-accept.ts'
import { dumpFence } from './actions/dump-fence.ts'
import { restore } from './actions/restore.ts'
import { retireDump } from './actions/retire-dump.ts'
import { auditForDump } from './audit.ts'
import { dumpFindings } from './findings.ts'
import { dumpLosesWithout } from './loses.ts'
import { restoredDiffers } from './rows-different.ts'

const moving = [dump, restore, analyze] as const

/** The databases are dumped in the night, and restored into the target's own cluster. Nothing leads back from there. */
export const dumpMethod: Method<DumpSpec> = {
  name: 'dump',
  audit: (about, io) => auditForDump(sidesOf(about), io),
  findings: dumpFindings,
  plan: () => ({
    preparation: [allowDump],
    rehearsal: [...moving, dumpAccept],
    live: [dumpFence, ...moving, compareRestored, dumpAccept],
    close: [retireDump],
  }),
  actions: [allowDump, dumpFence, ...moving, compareRestored, dumpAccept, retireDump],
  rowsDifferent: restoredDiffers,
  losesWithout: dumpLosesWithout,
}
