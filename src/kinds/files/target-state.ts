import type { ReadIo } from '../../model/io.ts'
import { anyEntry } from './commands.ts'
import { type TreePair, workFile } from './tree-pair.ts'

/** What the tree at the target is before anything is sent. `ours`: brought there by an earlier first sync. */
export type TargetState = 'missing' | 'empty' | 'ours' | 'foreign'

export async function targetState(trees: TreePair, io: ReadIo): Promise<TargetState> {
  const [entry, ours] = await Promise.all([
    io.read(trees.target.ssh, anyEntry(trees.target.path), { allowFailure: true }),
    io.read(trees.target.ssh, ['test', '-e', workFile(trees, 'brought')], { allowFailure: true }),
  ])
  if (ours.exitCode === 0) return 'ours'
  if (entry.exitCode !== 0) return 'missing'
  return entry.stdout === '' ? 'empty' : 'foreign'
}
