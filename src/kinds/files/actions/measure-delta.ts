import { z } from 'zod'
import { workFor } from '../expected.ts'
import { files } from '../facts.ts'
import { requireSender } from '../guard.ts'
import { planned } from '../planned.ts'
import { compare } from '../sync.ts'
import { treePairOf } from '../tree-pair.ts'

/** Rehearsal: how long the walk of the final delta takes and what it would send. Changes nothing. */
export const measureDelta = files.action({
  name: 'measure-delta',
  touches: [],
  result: z.object({ entries: z.number(), files: z.number(), bytes: z.number(), deleted: z.number() }),

  plan: about =>
    planned(workFor(about).walkSeconds, {
      title: { key: 'files.measure-delta.title', values: { component: about.component.title } },
      stage: 'drain',
      undo: { possible: false, why: { key: 'files.measure-delta.noUndo' } },
    }),

  isDone: async () => false,

  async apply(acting, io) {
    const trees = treePairOf(acting)
    await requireSender(io, trees.source, acting.facts.sourceMountPoint)
    const { entries, sentFiles, sentBytes, deleted } = await compare(io, trees, { delete: {} })
    return { entries, files: sentFiles, bytes: sentBytes, deleted }
  },
})
