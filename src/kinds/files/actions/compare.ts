import { z } from 'zod'
import { Failure } from '../../../model/failure.ts'
import type { ChangeIo, ReadIo } from '../../../model/io.ts'
import { script } from '../../kit/script.ts'
import { changesSince, type Instants } from '../changes.ts'
import { partialDirectory } from '../commands.ts'
import { workFor } from '../expected.ts'
import { files } from '../facts.ts'
import { keepFence } from '../fence.ts'
import { mostDeletions } from '../guard.ts'
import { decodeNames, encodeNames, type NameList, parentsOf } from '../names.ts'
import { disksOf, planned } from '../planned.ts'
import { countDifferences, type SyncReport } from '../rsync-output.ts'
import { compare, sync } from '../sync.ts'
import { type End, type TreePair, treePairOf } from '../tree-pair.ts'
import { finalDelta } from './final-delta.ts'
import { prove, provenAt } from './prove.ts'

/**
 * T7: content hashes at both ends of what changed at either end since everything was proven equal. What differs is
 * sent again, once; whether that was enough is for the check to say.
 */
export const compareChanged = files.action({
  name: 'compare',
  touches: ['source', 'target'],
  result: z.object({
    scope: z.enum(['changed', 'all']),
    compared: z.number(),
    bytes: z.number(),
    different: z.number(),
    damaged: z.number(),
    sentAgain: z.number(),
    examples: z.array(z.string()),
  }),

  plan: about =>
    planned(workFor(about).compareSeconds, {
      title: { key: 'files.compare.title', values: { component: about.component.title } },
      stage: 'drain',
      duration: { alone: disksOf(about) },
      after: [finalDelta],
      trigger: 'R3',
      undo: { possible: false, why: { key: 'files.compare.noUndo' } },
    }),

  isDone: async () => false,

  async apply(acting, io) {
    const trees = treePairOf(acting)
    const both = io.at('source', 'target')
    // Had it been gone since the final delta, what came in between is found here and sent: the whole tree is compared.
    await keepFence(io.at('source'), trees, acting.facts.sourceMountPoint)
    const [first, unlike] = await Promise.all([
      compareSinceProof(io, trees, provenAt(acting.resultOf(prove))),
      compareFields(io, trees),
      toDisk(trees, io.at('target')),
    ])
    // what a list of known changes has missed, the whole tree does not
    const most = mostDeletions(trees, acting.facts.files ?? 0)
    if (unlike !== undefined) await sync(both, trees, { delete: { most } })
    const different = differentEntries(first, unlike)
    if (different > 0) {
      await sync(both, trees, {
        checksum: true,
        ...(first.names ? { names: withParents(first.names) } : { delete: {} }),
      })
      await toDisk(trees, io.at('target'))
    }
    return {
      scope: first.names ? ('changed' as const) : ('all' as const),
      compared: first.names?.count ?? first.report.entries,
      bytes: first.report.totalBytes,
      different,
      damaged: first.report.differences.damaged,
      sentAgain: different,
      examples: first.report.examples,
    }
  },
})

/** A file that is sent again gives its directory another time, and that would be a difference again. */
function withParents({ encoded }: NameList): NameList {
  const names = decodeNames(encoded)
  return encodeNames([...names, ...parentsOf(names)])
}

/** rsync leaves what it wrote in the target's memory; a power cut after the move must not take it back. */
async function toDisk({ target }: TreePair, io: ChangeIo): Promise<void> {
  await io.change(target.ssh, ['sync', '--file-system', target.path])
}

/** `names` are those that were compared; absent when it was all of them. */
type Comparison = { report: SyncReport; names?: NameList }

const noDifference: SyncReport = {
  entries: 0,
  totalBytes: 0,
  sentFiles: 0,
  sentBytes: 0,
  keptBytes: 0,
  deleted: 0,
  differences: { created: 0, content: 0, damaged: 0, attributes: 0, deleted: 0 },
  examples: [],
}

/** Compares by content hash what changed since the proof; everything, if nothing was proven ahead (`since` undefined). */
export async function compareSinceProof(
  io: ReadIo,
  trees: TreePair,
  since: Instants | undefined,
): Promise<Comparison> {
  if (since === undefined) {
    return { report: await compare(io, trees, { checksum: true, itemize: true, delete: {} }) }
  }
  const names = await changesSince(io, trees, since)
  if (names.count === 0) return { report: noDifference, names }
  return { report: await compare(io, trees, { checksum: true, itemize: true, names }), names }
}

/**
 * How many entries differ: fields, those of the whole tree (`unlike`), tell of every difference but damage, which is other
 * content under equal fields.
 */
export const differentEntries = ({ report }: Comparison, unlike: SyncReport | undefined): number =>
  unlike ? countDifferences(unlike) + report.differences.damaged : countDifferences(report)

/** Undefined when the manifests are equal; else rsync names what differs. Patterns omitted are rsync's alone to read. */
export async function compareFields(io: ReadIo, trees: TreePair): Promise<SyncReport | undefined> {
  if (trees.spec.exclude.length === 0) {
    const [source, target] = await Promise.all([manifest(io, trees.source), manifest(io, trees.target)])
    if (source === target) return undefined
  }
  return await compare(io, trees, { delete: {}, itemize: true })
}

const manifestScript = script(import.meta.dirname, '../scripts/manifest.sh')

/** Equal manifests: the same entries with the same fields at both ends. Throws Failure when a tree cannot be walked. */
async function manifest(io: ReadIo, end: End): Promise<string> {
  const argv = manifestScript.argv(end.path, partialDirectory)
  const { exitCode, stdout, stderr } = await io.read(end.ssh, argv, { allowFailure: true })
  const hash = /^[0-9a-f]{64}/.exec(stdout)?.[0]
  if (exitCode === 0 && hash !== undefined && stderr.trim() === '') return hash
  throw new Failure(
    {
      key: 'files.changes.unlisted',
      values: { host: end.ssh, path: end.path, detail: stderr.trim().slice(-300) },
    },
    { remedy: { key: 'files.changes.unlisted.remedy', values: { host: end.ssh, path: end.path } } },
  )
}
