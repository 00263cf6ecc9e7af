import { z } from 'zod'
import { Failure } from '../../../model/failure.ts'
import type { ChangeIo, ReadIo } from '../../../model/io.ts'
import type { Undo } from '../../../model/step.ts'
import { endLeftovers } from '../../kit/rsync-leftovers.ts'
import { emptyTree } from '../commands.ts'
import { workFor } from '../expected.ts'
import { type FilesFacts, files } from '../facts.ts'
import { mostDeletions, requireSender, tooManyDeletions } from '../guard.ts'
import { deadlineFor, planned } from '../planned.ts'
import { compare, sync } from '../sync.ts'
import { targetState } from '../target-state.ts'
import { type TreePair, treePairOf, workFile } from '../tree-pair.ts'

/** The first sync, and each time it is run again the delta since. A sync that was cut short goes on where it stopped. */
export const firstSync = files.action({
  name: 'first-sync',
  // rsync runs at the source; what it changes is the target
  touches: ['source', 'target'],
  undoTouches: ['target'],
  result: z.object({
    entries: z.number(),
    totalBytes: z.number(),
    sentFiles: z.number(),
    sentBytes: z.number(),
    keptBytes: z.number(),
    deleted: z.number(),
    brought: z.boolean(),
  }),

  plan: about => {
    const { firstSyncSeconds, firstSendSeconds } = workFor(about)
    return planned(firstSyncSeconds, {
      title: { key: 'files.first-sync.title', values: { component: about.component.title } },
      stage: 'seed',
      transfer: 'resumes',
      duration: { linkSeconds: firstSendSeconds },
      undo: erase(treePairOf(about), about.facts),
    })
  },

  /** Running it again is the daily delta: never assumed done. */
  isDone: async () => false,

  async apply(acting, io) {
    const trees = treePairOf(acting)
    await requireSender(io, trees.source, acting.facts.sourceMountPoint)
    const brought = await prepareTarget(trees, io.at('target'))
    await endLeftovers(io.at('target'), trees.target.ssh, trees.target.path)
    const expected = await requireFewDeletions(trees, io)
    const report = await sync(io.at('source', 'target'), trees, {
      delete: {},
      limitMbps: trees.spec.bandwidthLimitMbps,
      bytesTotal: expected,
    })
    const { entries, totalBytes, sentFiles, sentBytes, keptBytes, deleted } = report
    return { entries, totalBytes, sentFiles, sentBytes, keptBytes, deleted, brought }
  },

  /** Erases the copy: a move that is abandoned leaves no personal data behind. */
  async undo(acting, io) {
    const trees = treePairOf(acting)
    const { ssh, path } = trees.target
    const there = io.at('target')
    const note = await there.read(ssh, ['cat', workFile(trees, 'brought')], { allowFailure: true })
    if (note.exitCode !== 0) return requireNothingOfOurs(trees, there)
    const brought: { path?: string; created?: boolean } = JSON.parse(note.stdout)
    if (brought.path !== path) throw keptTarget(trees)
    // noted, and not there: the sync was killed before it made the tree, or the undo before it removed the note
    if ((await there.read(ssh, ['test', '-d', path], { allowFailure: true })).exitCode === 0) {
      await there.change(ssh, emptyTree(path))
      if (brought.created) await there.change(ssh, ['rmdir', path])
    }
    await there.change(ssh, ['rm', '-f', workFile(trees, 'brought')])
  },
})

function erase({ target }: TreePair, facts: FilesFacts): Undo {
  const values = { host: target.ssh, path: target.path }
  if (facts.targetState === 'foreign') {
    return { possible: false, why: { key: 'files.first-sync.noUndo', values } }
  }
  const expectedSeconds = Math.ceil(2 + (facts.files ?? 0) / 20_000)
  return {
    possible: true,
    expectedSeconds,
    deadlineSeconds: deadlineFor(expectedSeconds),
    byHand: { key: 'files.first-sync.byHand', values },
  }
}

/**
 * Notes at the target, before anything is sent, that it held nothing: only then may all of it be erased later.
 * True when everything in it is what we brought.
 */
async function prepareTarget(trees: TreePair, io: ChangeIo): Promise<boolean> {
  const { target, workDirectory } = trees
  const state = await targetState(trees, io)
  if (state === 'ours') return true
  if (state === 'foreign') return false
  await io.change(target.ssh, ['mkdir', '-p', '-m', '0700', workDirectory])
  const note = JSON.stringify({ path: target.path, created: state === 'missing', at: io.now() })
  await io.writeFile(target.ssh, workFile(trees, 'brought'), `${note}\n`, { mode: '0600' })
  await io.change(target.ssh, ['mkdir', '-p', target.path])
  return true
}

/** Asks rsync first what it would delete: a check afterwards would come too late. Returns the bytes it will send. */
async function requireFewDeletions(trees: TreePair, io: ReadIo): Promise<number> {
  const expected = await compare(io, trees, { delete: {} })
  const most = mostDeletions(trees, expected.entries)
  if (expected.deleted <= most) return expected.sentBytes
  throw tooManyDeletions(trees, expected.deleted, most)
}

async function requireNothingOfOurs(trees: TreePair, io: ReadIo): Promise<void> {
  if ((await targetState(trees, io)) === 'foreign') throw keptTarget(trees)
}

const keptTarget = ({ target }: TreePair): Failure =>
  new Failure(
    { key: 'files.first-sync.kept', values: { host: target.ssh, path: target.path } },
    { remedy: { key: 'files.first-sync.kept.remedy', values: { host: target.ssh, path: target.path } } },
  )
