import type { TypedMeasure } from '../kit/kind-parts.ts'
import { finalDelta } from './actions/final-delta.ts'
import { prove, provenAt } from './actions/prove.ts'
import { compareFields } from './compare-fields.ts'
import { compareSinceProof, differentEntries } from './compare-since-proof.ts'
import type { FilesFacts } from './facts.ts'
import { checkReadable, documentsLookedAt } from './readable.ts'
import type { FilesSpec } from './spec.ts'
import { compare } from './sync.ts'
import { treePairOf } from './tree-pair.ts'

type Measure = TypedMeasure<FilesSpec, FilesFacts>

/** T3: what a sync begun now would send. */
const deltaBytes: Measure = {
  unit: 'B',
  expectedSeconds: 60,
  async measure(measuring, io) {
    const { sentBytes, sentFiles, deleted, entries } = await compare(io, treePairOf(measuring), {
      delete: {},
    })
    return { value: sentBytes, figures: { bytes: sentBytes, files: sentFiles, deleted, entries } }
  },
}

/**
 * T7: every entry of both trees compared by name, kind, size, time, mode and owner, and by content hash what changed at either
 * end since all contents were proven equal. Only means something once the source is still.
 */
const filesDifferent: Measure = {
  unit: 'entries',
  expectedSeconds: 60,
  rehearsable: false,
  async measure(measuring, io) {
    const trees = treePairOf(measuring)
    const [changed, unlike] = await Promise.all([
      compareSinceProof(io, trees, provenAt(measuring.resultOf(prove))),
      compareFields(io, trees),
    ])
    const different = differentEntries(changed, unlike)
    const examples = [...changed.report.examples, ...(unlike?.examples ?? [])]
    const compared = changed.names
      ? (measuring.resultOf(finalDelta)?.entries ?? measuring.facts.files)
      : changed.report.entries
    return {
      value: different,
      figures: {
        compared: compared ?? null,
        hashed: changed.names?.count ?? changed.report.entries,
        hashedBytes: changed.report.totalBytes,
        different,
        damaged: changed.report.differences.damaged,
      },
      ...(examples.length > 0 ? { detail: [...new Set(examples)].join(', ') } : {}),
    }
  },
}

/**
 * T12: PDFs, images and videos at the target, read to their ends: those that changed since all were looked at in the days
 * before, and a random sample of the rest, so that the window does not grow with the tree.
 */
const unreadableFiles: Measure = {
  unit: 'files',
  expectedSeconds: 30,
  async measure(measuring, io) {
    const { target } = treePairOf(measuring)
    const since = provenAt(measuring.resultOf(prove))?.target
    const most = documentsLookedAt.inWindow
    const scopes = [{ most }, ...(since === undefined ? [] : [{ most: 10 * most, since }])]
    const { checked, unreadable } = await checkReadable(io, target, scopes, { deep: true })
    const [sampled = 0, changedSinceProof = null] = checked
    return {
      value: unreadable.length,
      figures: { sampled, changedSinceProof, unreadable: unreadable.length },
      ...(unreadable.length > 0 ? { detail: unreadable.slice(0, 10).join(', ') } : {}),
      // nothing was looked at: nothing was shown to be readable
      ...(sampled === 0 ? { unverified: true } : {}),
    }
  },
}

export const measures = { deltaBytes, filesDifferent, unreadableFiles }
