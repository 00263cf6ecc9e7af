import { z } from 'zod'
import { Failure } from '../../../model/failure.ts'
import type { Loss } from '../../../model/given-up.ts'
import { instantAt } from '../../../model/instant.ts'
import type { ChangeIo } from '../../../model/io.ts'
import { quoteArgv } from '../../../transport/quote.ts'
import type { Measuring } from '../../kit/kind-parts.ts'
import { instants } from '../changes.ts'
import { rsync } from '../commands.ts'
import { workFor } from '../expected.ts'
import { type FilesFacts, files } from '../facts.ts'
import { handBack } from '../hand-back.ts'
import { deadlineFor, planned } from '../planned.ts'
import type { FilesSpec } from '../spec.ts'
import { sync } from '../sync.ts'
import { type TreePair, treePairOf, workFile } from '../tree-pair.ts'

const handle = {
  name: 'reverse-channel',
  touches: ['source', 'target'],
  result: z.object({ handedOverAtSource: z.number(), handedOverAtTarget: z.number() }),
} as const

/**
 * From here on files are written at the target. Applying proves that they could come back: a marker written at the
 * target arrives at the source. Undoing brings them back.
 */
export const reverseChannel = files.action({
  ...handle,
  makesReturnPath: true,

  plan(about) {
    const trees = treePairOf(about)
    const { finalDeltaSeconds } = workFor(about)
    const values = { command: rsyncByHand(trees), path: trees.source.path }
    return planned(3, {
      title: { key: 'files.reverse-channel.title', values: { component: about.component.title } },
      stage: 'handover',
      undo: {
        possible: true,
        expectedSeconds: finalDeltaSeconds,
        deadlineSeconds: deadlineFor(finalDeltaSeconds),
        byHand: { key: 'files.reverse-channel.byHand', values },
      },
    })
  },

  /** Proving it again costs less than finding out whether it was proven. */
  isDone: async () => false,

  async apply(acting, io) {
    const trees = treePairOf(acting)
    const both = io.at('source', 'target')
    const words = `${acting.step.id} ${acting.fencingNumber} ${io.now()}\n`
    const { source, target } = trees
    const writing = both.writeFile(target.ssh, `${target.path}/${marker}`, words, { mode: '0600' })
    try {
      const [handedOverAt] = await Promise.all([instants(io, trees), writing])
      await sync(both, trees, { direction: 'back', only: marker })
      const arrived = await io.read(source.ssh, ['cat', `${source.path}/${marker}`])
      if (arrived.stdout !== words) throw notProven(trees)
      return { handedOverAtSource: handedOverAt.source, handedOverAtTarget: handedOverAt.target }
    } finally {
      if (!io.signal.aborted) await removeMarkers(trees, both)
    }
  },

  async undo(acting, io) {
    const trees = treePairOf(acting)
    const both = io.at('source', 'target')
    await removeMarkers(trees, both)
    await handBack(both, trees, {
      knownFiles: acting.facts.files ?? 0,
      since: acting.resultOf(handle)?.handedOverAtTarget,
      fencingNumber: acting.fencingNumber,
    })
  },

  undoWithout: {
    async target(acting, io) {
      const { source } = treePairOf(acting)
      await io.at('source').change(source.ssh, ['rm', '-f', `${source.path}/${marker}`])
      const loss = filesLost(acting)
      return loss === undefined ? [] : loss.text
    },
  },
})

/** Files come home in a rollback alone: the source has those of the handover, and nothing that was written later. */
export function filesLost(
  measuring: Measuring<FilesSpec, FilesFacts>,
): Pick<Loss, 'text' | 'figures'> | undefined {
  if (!measuring.wasBegun(handle)) return undefined
  const { source } = treePairOf(measuring)
  const handedOver = measuring.resultOf(handle)
  if (handedOver === undefined) {
    const values = { host: source.ssh, path: source.path }
    return { text: [{ key: 'files.losesSinceUnknown', values }], figures: { lastCopyAt: null } }
  }
  const at = instantAt(handedOver.handedOverAtSource * 1000)
  return {
    text: [{ key: 'files.loses', values: { host: source.ssh, path: source.path, at } }],
    figures: { lastCopyAt: at },
  }
}

const marker = '.bascule-marker'

async function removeMarkers({ source, target }: TreePair, io: ChangeIo): Promise<void> {
  await Promise.all([source, target].map(end => io.change(end.ssh, ['rm', '-f', `${end.path}/${marker}`])))
}

const notProven = ({ source, target }: TreePair): Failure =>
  new Failure(
    { key: 'files.reverse.notProven', values: { source: source.ssh, target: target.ssh } },
    {
      remedy: {
        key: 'files.reverse.notProven.remedy',
        values: { source: source.ssh, address: target.address },
      },
    },
  )

/** What a person types at their own machine to bring the target's files back, should the program not be able to. */
export function rsyncByHand(trees: TreePair): string {
  const argv = rsync(trees, { direction: 'back', delete: {}, backupDirectory: workFile(trees, 'kept') })
  return quoteArgv(['ssh', trees.source.ssh, quoteArgv(argv)])
}
