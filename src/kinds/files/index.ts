import { compareChanged } from './actions/compare.ts'
import { finalDelta } from './actions/final-delta.ts'
import { firstSync } from './actions/first-sync.ts'
import { measureDelta } from './actions/measure-delta.ts'
import { prove } from './actions/prove.ts'
import { reverseChannel } from './actions/reverse-channel.ts'
import { audit } from './audit.ts'
import { files } from './facts.ts'
import { findings } from './findings.ts'
import { measures } from './measures.ts'
import { messages } from './messages.ts'

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
