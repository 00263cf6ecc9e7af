import { z } from 'zod'
import type { ReadIo } from '../../../model/io.ts'
import { typed } from '../../kit/by-hand.ts'
import { removePartials, rename } from '../commands.ts'
import { workFor } from '../expected.ts'
import { files } from '../facts.ts'
import { fenceState } from '../fence.ts'
import { planned } from '../planned.ts'
import { type TreePair, treePairOf, workFile } from '../tree-pair.ts'

/**
 * Nothing that came only in part stays at the target, and no undo can take its files for a copy to erase any more. The old tree is
 * left as it is: nobody shall write there by mistake.
 */
export const retire = files.action({
  name: 'retire',
  touches: ['target'],
  result: z.object({ oldTree: z.enum(['put', 'gone', 'none']).optional() }),

  plan: about => {
    const trees = treePairOf(about)
    const { walkSeconds } = workFor(about)
    const values = { host: trees.target.ssh, command: typed(rename(setAside(trees), noteOf(trees))) }
    return planned(walkSeconds, {
      title: { key: 'files.retire.title', values: { component: about.component.title } },
      stage: 'close',
      undo: {
        possible: true,
        expectedSeconds: 1,
        deadlineSeconds: 60,
        byHand: { key: 'files.retire.byHand', values },
      },
    })
  },

  /** Only reading the whole tree tells. */
  isDone: async () => false,

  async apply(acting, io) {
    const trees = treePairOf(acting)
    const { ssh, path } = trees.target
    const there = io.at('target')
    await there.change(ssh, removePartials(path))
    if (await isThere(there, trees, noteOf(trees)))
      await there.change(ssh, rename(noteOf(trees), setAside(trees)))
    const oldTree = acting.without === 'source' ? undefined : await stateIfAsked(io, trees)
    return { ...(oldTree && { oldTree }) }
  },

  async undo(acting, io) {
    const trees = treePairOf(acting)
    const there = io.at('target')
    if (await isThere(there, trees, setAside(trees)))
      await there.change(trees.target.ssh, rename(setAside(trees), noteOf(trees)))
  },
})

/** That all of the target's tree is a copy, which the undo of the first sync may erase. */
const noteOf = (trees: TreePair): string => workFile(trees, 'brought')
const setAside = (trees: TreePair): string => workFile(trees, 'brought.closed')

const isThere = async (io: ReadIo, { target }: TreePair, path: string): Promise<boolean> =>
  (await io.read(target.ssh, ['test', '-e', path], { allowFailure: true })).exitCode === 0

/** The source's host may be gone by now: that is no reason not to close. */
async function stateIfAsked(io: ReadIo, trees: TreePair) {
  try {
    return await fenceState(io, trees)
  } catch (error) {
    if (io.signal.aborted) throw error
    return undefined
  }
}
