import type { KeysOf, Sentences } from '../../model/text.ts'
import { cap, uncap } from './actions/cap.ts'
import { audit, line } from './facts.ts'
import { findings } from './findings.ts'
import { probeMainLine } from './main-line.ts'
import { figures, measures } from './measures.ts'
import en from './messages/en.json' with { type: 'json' }
import fr from './messages/fr.json' with { type: 'json' }
import { wanLineOf } from './wan-line.ts'

const messages: Sentences<typeof en> = { en, fr }

declare module '../../model/text.ts' {
  interface MessageKeys extends KeysOf<typeof en> {}
}

/** The target's main and backup WAN lines: monitored, and the backup kept free for users while it is the only one. */
export const kind = line.defineKind({
  messages,
  audit,
  findings,
  // The limit is there from the first copy until the monitoring period is over.
  plan: () => ({ preparation: [cap], rehearsal: [], live: [], close: [uncap] }),
  actions: [cap, uncap],
  figures,
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
