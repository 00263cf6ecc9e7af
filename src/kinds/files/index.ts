import type { FigureForms } from '../../model/figure.ts'
import type { KeysOf, Sentences, Text } from '../../model/text.ts'
import type { TypedMeasure } from '../kit/kind-parts.ts'
import { compareChanged, compareFields, compareSinceProof, differentEntries } from './actions/compare.ts'
import { fence } from './actions/fence.ts'
import { finalDelta, measureDelta } from './actions/final-delta.ts'
import { firstSync } from './actions/first-sync.ts'
import { prove, provenAt } from './actions/prove.ts'
import { retire } from './actions/retire.ts'
import { filesLost, reverseChannel } from './actions/reverse-channel.ts'
import { discover } from './discover.ts'
import { audit, type FilesFacts, files } from './facts.ts'
import { fenceState } from './fence.ts'
import { findings } from './findings.ts'
import en from './messages/en.json' with { type: 'json' }
import fr from './messages/fr.json' with { type: 'json' }
import { checkReadable, documentsLookedAt } from './readable.ts'
import { returnPath } from './return-path.ts'
import type { FilesSpec } from './spec.ts'
import { compare } from './sync.ts'
import { type End, treePairOf } from './tree-pair.ts'

type Measure = TypedMeasure<FilesSpec, FilesFacts>

/** T3: what a sync begun now would send. */
const deltaBytes: Measure = {
  title: 'files.measure.deltaBytes',
  tells: 'delta',
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
  title: 'files.measure.filesDifferent',
  tells: 'equality',
  unit: '',
  expectedSeconds: 60,
  rehearsable: false,
  async measure(measuring, io) {
    const trees = treePairOf(measuring)
    const [changed, unlike] = await Promise.all([
      compareSinceProof(io, trees, provenAt(measuring.resultOf(prove))),
      compareFields(io, trees),
    ])
    // who wrote after a fence was gone was not refused, and may write again
    const isUnfenced = (await fenceState(io, trees)) === 'gone'
    const different = differentEntries(changed, unlike)
    const examples = [...changed.report.examples, ...(unlike?.examples ?? [])]
    const detail = [
      ...(examples.length > 0 ? [named([...new Set(examples)])] : []),
      ...(isUnfenced ? [unfenced(trees.source)] : []),
    ]
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
      ...(detail.length > 0 ? { detail } : {}),
      ...(isUnfenced ? { unverified: true } : {}),
    }
  },
}

/**
 * T12: PDFs, images and videos at the target, read to their ends: those that changed since all were looked at in the days
 * before, and a random sample of the rest, so that the window does not grow with the tree.
 */
const unreadableFiles: Measure = {
  title: 'files.measure.unreadableFiles',
  unit: '',
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
      ...(unreadable.length > 0 ? { detail: [named(unreadable.slice(0, 10))] } : {}),
      // nothing was looked at: nothing was shown to be readable
      ...(sampled === 0 ? { unverified: true } : {}),
    }
  },
}

const named = (files: readonly string[]): Text => ({
  key: 'files.measured.named',
  values: { files: files.join(', ') },
})

const unfenced = ({ ssh, path }: End): Text => ({
  key: 'files.measured.unfenced',
  values: { host: ssh, path },
})

const measures = { deltaBytes, filesDifferent, unreadableFiles }

/** How they, and the figures of the steps' results, are shown. */
const figures: FigureForms = {
  bytes: { label: 'files.figure.bytes', unit: 'B' },
  files: { label: 'files.figure.files' },
  deleted: { label: 'files.figure.deleted' },
  entries: { label: 'files.figure.entries' },
  compared: { label: 'files.figure.compared' },
  hashed: { label: 'files.figure.hashed' },
  hashedBytes: { label: 'files.figure.hashedBytes', unit: 'B' },
  different: { label: 'files.figure.different' },
  damaged: { label: 'files.figure.damaged' },
  sampled: { label: 'files.figure.sampled' },
  changedSinceProof: { label: 'files.figure.changedSinceProof' },
  unreadable: { label: 'files.figure.unreadable' },
  scope: {
    label: 'files.figure.scope',
    words: { changed: 'files.figure.scope.changed', all: 'files.figure.scope.all' },
  },
  sentAgain: { label: 'files.figure.sentAgain' },
  way: {
    label: 'files.figure.way',
    words: { 'known-list': 'files.figure.way.known-list', 'whole-tree': 'files.figure.way.whole-tree' },
  },
  keptBytes: { label: 'files.figure.keptBytes', unit: 'B' },
  totalBytes: { label: 'files.figure.totalBytes', unit: 'B' },
  sentFiles: { label: 'files.figure.sentFiles' },
  sentBytes: { label: 'files.figure.sentBytes', unit: 'B' },
  oldTree: {
    label: 'files.figure.oldTree',
    words: {
      put: 'files.figure.oldTree.put',
      gone: 'files.figure.oldTree.gone',
      none: 'files.figure.oldTree.none',
    },
  },
  brought: { label: 'files.figure.brought' },
  list: { label: 'files.figure.list' },
  listHost: { label: 'files.figure.listHost' },
}

const messages: Sentences<typeof en> = { en, fr }

declare module '../../model/text.ts' {
  interface MessageKeys extends KeysOf<typeof en> {}
}

/** A tree of files, kept in step by rsync over ssh between the two hosts. */
export const kind = files.defineKind({
  messages,
  lackingRules: ['no-rsync-source', 'no-rsync-target', 'fence-programs'],
  provides: { tree: ({ spec: { source, target } }) => ({ source, target }) },
  discover,
  audit,
  steadyFacts: ['sourceFilesystem', 'sourceMountPoint', 'sourceRsync', 'targetFilesystem', 'targetRsync'],
  findings,
  plan: ({ spec }) => ({
    preparation: [firstSync, prove],
    rehearsal: [measureDelta],
    live: [...(spec.fence === 'none' ? [] : [fence]), finalDelta, compareChanged, reverseChannel],
    close: [retire],
  }),
  actions: [firstSync, prove, measureDelta, fence, finalDelta, compareChanged, reverseChannel, retire],
  figures,
  measures,
  returnPath,
  losesWithout: async (measuring, side) => (side === 'target' ? filesLost(measuring) : undefined),
  evidence: {
    files: {
      figures: ['compared', 'different'],
      label: { key: 'files.evidence.files' },
      sentence: 'files.evidence.files.figures',
      isGood: ({ different }) => different === 0,
    },
  },
})
