import type { Kind } from '../../model/kind.ts'
import { compareChanged } from './actions/compare.ts'
import { finalDelta } from './actions/final-delta.ts'
import { firstSync } from './actions/first-sync.ts'
import { measureDelta } from './actions/measure-delta.ts'
import { prove } from './actions/prove.ts'
import { reverseChannel } from './actions/reverse-channel.ts'
import { audit } from './audit.ts'
import { findings } from './findings.ts'
import { deltaBytes } from './measures/delta-bytes.ts'
import { filesDifferent } from './measures/files-different.ts'
import { unreadableFiles } from './measures/unreadable-files.ts'
import { messages } from './messages.ts'
import { planSteps } from './plan.ts'
import { filesSpec } from './spec.ts'

/** A tree of files, kept in step by rsync over ssh between the two hosts. */
export const kind: Kind = {
  kind: 'files',
  spec: filesSpec,
  messages,
  audit,
  findings,
  plan: planSteps,
  actions: {
    'first-sync': firstSync,
    prove,
    'measure-delta': measureDelta,
    'final-delta': finalDelta,
    compare: compareChanged,
    'reverse-channel': reverseChannel,
  },
  measures: { deltaBytes, filesDifferent, unreadableFiles },
}
