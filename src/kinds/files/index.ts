import type { KeysOf, Sentences } from '../../model/text.ts'
import { compareChanged } from './actions/compare.ts'
import { finalDelta, measureDelta } from './actions/final-delta.ts'
import { firstSync } from './actions/first-sync.ts'
import { prove } from './actions/prove.ts'
import { reverseChannel } from './actions/reverse-channel.ts'
import { audit, files } from './facts.ts'
import { findings } from './findings.ts'
import { figures, measures } from './measures.ts'
import en from './messages/en.json' with { type: 'json' }
import fr from './messages/fr.json' with { type: 'json' }

const messages: Sentences<typeof en> = { en, fr }

declare module '../../model/text.ts' {
  interface MessageKeys extends KeysOf<typeof en> {}
}

/** A tree of files, kept in step by rsync over ssh between the two hosts. */
export const kind = files.defineKind({
  messages,
  audit,
  findings,
  plan: () => ({
    preparation: [firstSync, prove],
    rehearsal: [measureDelta],
    live: [finalDelta, compareChanged, reverseChannel],
    close: [],
  }),
  actions: [firstSync, prove, measureDelta, finalDelta, compareChanged, reverseChannel],
  figures,
  measures,
  evidence: {
    files: {
      figures: ['compared', 'different'],
      label: { key: 'files.evidence.files' },
      sentence: 'files.evidence.files.figures',
      isGood: ({ different }) => different === 0,
    },
  },
})
