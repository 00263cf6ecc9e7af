import { Failure } from '../../../model/failure.ts'
import type { ChangeIo } from '../../../model/io.ts'
import type { JsonObject } from '../../../model/json.ts'
import type { Action, StepContext } from '../../../model/kind.ts'
import { endLeftovers } from '../../kit/rsync-leftovers.ts'
import { emptyTree } from '../commands.ts'
import { auditedMountPoint, mostDeletions, requireSender, tooManyDeletions } from '../guard.ts'
import { compare, sync } from '../sync.ts'
import { targetState } from '../target-state.ts'
import { type TreePair, treePairOf, workFile } from '../tree-pair.ts'

/** The first sync, and each time it is run again the delta since. A sync that was cut short goes on where it stopped. */
export const firstSync: Action = {
  /** Running it again is the daily delta: never assumed done. */
  isDone: async () => false,

  async apply({ component, plan, facts }: StepContext, io: ChangeIo): Promise<JsonObject> {
    const trees = treePairOf(component, plan)
    await requireSender(io, trees.source, auditedMountPoint(facts[component.id]))
    const brought = await prepareTarget(trees, io)
    await endLeftovers(io, trees.target.ssh, trees.target.path)
    const expected = await requireFewDeletions(trees, io)
    const report = await sync(io, trees, {
      delete: {},
      limitMbps: trees.spec.bandwidthLimitMbps,
      bytesTotal: expected,
    })
    const { entries, totalBytes, sentFiles, sentBytes, keptBytes, deleted } = report
    return { entries, totalBytes, sentFiles, sentBytes, keptBytes, deleted, brought }
  },

  /** Erases the copy: a move that is given up leaves no personal data behind. */
  async undo({ component, plan }: StepContext, io: ChangeIo): Promise<void> {
    const trees = treePairOf(component, plan)
    const note = await io.read(trees.target.ssh, ['cat', workFile(trees, 'brought')], {
      allowFailure: true,
    })
    if (note.exitCode !== 0) return requireNothingOfOurs(trees, io)
    const { path, created }: { path?: string; created?: boolean } = JSON.parse(note.stdout)
    if (path !== trees.target.path) throw keptTarget(trees)
    await io.change(trees.target.ssh, emptyTree(trees.target.path))
    if (created) await io.change(trees.target.ssh, ['rmdir', trees.target.path])
    await io.change(trees.target.ssh, ['rm', '-f', workFile(trees, 'brought')])
  },
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
async function requireFewDeletions(trees: TreePair, io: ChangeIo): Promise<number> {
  const expected = await compare(io, trees, { delete: {} })
  const most = mostDeletions(trees, expected.entries)
  if (expected.deleted <= most) return expected.sentBytes
  throw tooManyDeletions(trees, expected.deleted, most)
}

async function requireNothingOfOurs(trees: TreePair, io: ChangeIo): Promise<void> {
  if ((await targetState(trees, io)) === 'foreign') throw keptTarget(trees)
}

const keptTarget = ({ target }: TreePair): Failure =>
  new Failure(
    { key: 'files.first-sync.kept', values: { host: target.ssh, path: target.path } },
    { remedy: { key: 'files.first-sync.kept.remedy', values: { host: target.ssh, path: target.path } } },
  )
