import { Failure } from '../../model/failure.ts'
import type { ChangeIo } from '../../model/io.ts'
import type { KeysOf, Sentences } from '../../model/text.ts'
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
import { readText } from './commands.ts'
import { isSynchronous } from './commits.ts'
import { postgres } from './define.ts'
import { figures } from './figures.ts'
import { findingsOf } from './findings.ts'
import { losesWithout } from './loses.ts'
import { measures } from './measures.ts'
import en from './messages/en.json' with { type: 'json' }
import fr from './messages/fr.json' with { type: 'json' }
import { returnPath } from './return-path.ts'
import { settingIn, settingsFile } from './settings.ts'
import { fencingPath, type Side, sidesOf } from './sides.ts'
import type { PostgresSpec } from './spec.ts'

const messages: Sentences<typeof en> = { en, fr }

declare module '../../model/text.ts' {
  interface MessageKeys extends KeysOf<typeof en> {}
}

const preparation = [allowReplication, createSlot, seed] as const
const night = [fence, drain, stopSource, promote, reverse, accept] as const
/** Without a safety copy: the target would stay promoted for the hours that it takes, while the standby falls behind. */
const rehearsal = [pause, trialPromote, accept] as const
const safety = [keepSnapshot, safetyCopy] as const

export const kind = postgres.defineKind({
  messages,
  provides: { connects: ({ spec: { source, target } }) => ({ source, target }) },
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
  figures,
  measures,
  returnPath,
  evidence: {
    records: {
      figures: ['compared', 'different'],
      label: { key: 'postgres.evidence.records' },
      sentence: 'postgres.evidence.records.figures',
      isGood: ({ different }) => different === 0,
    },
  },
  losesWithout,
  claim: (about, side, io) => writeFencingToken(sidesOf(about)[side], about.fencingNumber, io),
})

/** Before PostgreSQL 15 the log cannot be asked what changed: a proof made ahead would prove nothing in the window. */
function canProve({ verify, cluster }: PostgresSpec): boolean {
  return verify === 'delta' && Number(cluster.split('/')[0]) >= 15
}

const setting = 'bascule.fencing_number'

/**
 * Writes the run's fencing token into the configuration of a cluster before anything is changed there. A program with a smaller
 * token (one that was thought dead and wakes up) is refused: it would undo what its successor does.
 */
async function writeFencingToken(side: Side, token: number, io: ChangeIo): Promise<void> {
  const path = fencingPath(side)
  const { stdout, exitCode } = await io.read(side.host, readText(path), {
    allowFailure: true,
    asUser: 'postgres',
  })
  const current = exitCode === 0 ? Number(settingIn(stdout, setting) ?? 0) : 0
  if (current > token) {
    throw new Failure(
      { key: 'postgres.stale', values: { host: side.host, current, ours: token } },
      { remedy: { key: 'postgres.stale.remedy' } },
    )
  }
  if (current === token) return
  await io.writeFile(side.host, path, settingsFile(side.owner, { [setting]: token }), {
    mode: '0644',
    owner: 'postgres:postgres',
  })
}
