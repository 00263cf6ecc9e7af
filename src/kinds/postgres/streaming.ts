import { accept } from './actions/accept.ts'
import { allowReplication } from './actions/allow-replication.ts'
import { createSlot } from './actions/create-slot.ts'
import { drain } from './actions/drain.ts'
import { eraseSafetyCopy } from './actions/erase-safety-copy.ts'
import { fence } from './actions/fence.ts'
import { holdCommitsStep } from './actions/hold-commits.ts'
import { keepSnapshot } from './actions/keep-snapshot.ts'
import { pause } from './actions/pause.ts'
import { promote } from './actions/promote.ts'
import { prove } from './actions/prove.ts'
import { releaseCommits } from './actions/release-commits.ts'
import { retire } from './actions/retire.ts'
import { retireSource } from './actions/retire-source.ts'
import { reverse } from './actions/reverse.ts'
import { safetyCopy } from './actions/safety-copy.ts'
import { seed } from './actions/seed.ts'
import { stopSource } from './actions/stop-source.ts'
import { trialPromote } from './actions/trial-promote.ts'
import { auditSides } from './audit.ts'
import { isSynchronous } from './commits.ts'
import { findingsOf } from './findings.ts'
import { losesWithout } from './loses.ts'
import { streamedDiffers } from './measures-streaming.ts'
import type { Method } from './method.ts'
import { sidesOf } from './sides.ts'
import type { StreamingSpec } from './spec.ts'

const preparation = [allowReplication, createSlot, seed] as const
const night = [fence, drain, stopSource, promote, reverse, accept] as const
/** Without a safety copy: the target would stay promoted for the hours that it takes, while the standby falls behind. */
const rehearsal = [pause, trialPromote, accept] as const
const safety = [keepSnapshot, safetyCopy] as const

/** The target follows the source in the days before; in the night it takes its place, and the source follows it. */
export const streaming: Method<StreamingSpec> = {
  name: 'streaming',
  audit: (about, io) => auditSides(sidesOf(about), io),
  findings: findingsOf,
  plan: ({ spec }) => ({
    preparation: canProve(spec) ? [...preparation, prove] : preparation,
    rehearsal,
    live: [...night, ...(isSynchronous(spec) ? [holdCommitsStep] : []), ...(spec.safetyCopy ? safety : [])],
    close: [
      ...(isSynchronous(spec) ? [releaseCommits] : []),
      ...[retire, retireSource],
      ...(spec.safetyCopy ? [eraseSafetyCopy] : []),
    ],
  }),
  actions: [
    ...[...preparation, prove, ...night, holdCommitsStep, pause, trialPromote, ...safety],
    ...[releaseCommits, retire, retireSource, eraseSafetyCopy],
  ],
  rowsDifferent: streamedDiffers,
  losesWithout,
}

/** Before PostgreSQL 15 the log cannot be asked what changed: a proof made ahead would prove nothing in the window. */
function canProve({ verify, cluster }: StreamingSpec): boolean {
  return verify === 'delta' && Number(cluster.split('/')[0]) >= 15
}
