import type { KeysOf, Sentences } from '../../model/text.ts'
import { accept } from './actions/accept.ts'
import { allowReplication } from './actions/allow-replication.ts'
import { createSlot } from './actions/create-slot.ts'
import { drain } from './actions/drain.ts'
import { fence } from './actions/fence.ts'
import { pause } from './actions/pause.ts'
import { promote } from './actions/promote.ts'
import { prove } from './actions/prove.ts'
import { reverse } from './actions/reverse.ts'
import { seed } from './actions/seed.ts'
import { stopSource } from './actions/stop-source.ts'
import { trialPromote } from './actions/trial-promote.ts'
import { auditSides } from './audit.ts'
import { postgres } from './define.ts'
import { writeFencingToken } from './fencing-token.ts'
import { findingsOf } from './findings.ts'
import { figures, measures } from './measures.ts'
import en from './messages/en.json' with { type: 'json' }
import fr from './messages/fr.json' with { type: 'json' }
import { sidesOf } from './sides.ts'
import type { PostgresSpec } from './spec.ts'

const messages: Sentences<typeof en> = { en, fr }

declare module '../../model/text.ts' {
  interface MessageKeys extends KeysOf<typeof en> {}
}

const preparation = [allowReplication, createSlot, seed] as const
const night = [fence, drain, stopSource, promote, reverse, accept] as const
const rehearsal = [pause, trialPromote, accept] as const

export const kind = postgres.defineKind({
  messages,
  provides: { connects: ({ spec: { source, target } }) => ({ source, target }) },
  audit: (about, io) => auditSides(sidesOf(about), io),
  findings: findingsOf,
  plan: ({ spec }) => ({
    preparation: canProve(spec) ? [...preparation, prove] : preparation,
    rehearsal,
    live: night,
    close: [],
  }),
  actions: [...preparation, prove, ...night, pause, trialPromote],
  figures,
  measures,
  evidence: {
    records: {
      figures: ['compared', 'different'],
      label: { key: 'postgres.evidence.records' },
      sentence: 'postgres.evidence.records.figures',
      isGood: ({ different }) => different === 0,
    },
  },
  claim: (about, side, io) => writeFencingToken(sidesOf(about)[side], about.fencingNumber, io),
})

/** Before PostgreSQL 15 the log cannot be asked what changed: a proof made ahead would prove nothing in the window. */
function canProve({ verify, cluster }: PostgresSpec): boolean {
  return verify === 'delta' && Number(cluster.split('/')[0]) >= 15
}
