import { cap } from './actions/cap.ts'
import { uncap } from './actions/uncap.ts'
import { audit } from './audit.ts'
import { line } from './facts.ts'
import { findings } from './findings.ts'
import { probeMainLine } from './main-line.ts'
import { measures } from './measures.ts'
import { messages } from './messages.ts'
import { wanLineOf } from './wan-line.ts'

/** The target's main and backup WAN lines: monitored, and the backup kept free for users while it is the only one. */
export const kind = line.defineKind({
  messages,
  audit,
  findings,
  // The limit is there from the first copy until the monitoring period is over.
  plan: () => ({ preparation: [cap], rehearsal: [], live: [], close: [uncap] }),
  actions: [cap, uncap],
  measures,
  watches: {
    // Two looks: a line that loses a moment's packets is not lost.
    main: {
      everySeconds: 2,
      failuresUntilLost: 2,
      look: (about, io) => probeMainLine(wanLineOf(about), io),
    },
  },
})
