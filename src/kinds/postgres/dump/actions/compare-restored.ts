import { z } from 'zod'
import { secondsBetween } from '../../../../model/instant.ts'
import { twice } from '../../../kit/timings.ts'
import { nextTransaction } from '../../compare/proof.ts'
import { dumping } from '../../define.ts'
import { sidesOf } from '../../sides.ts'
import { comparedWithSource } from '../compare.ts'
import { readNote } from '../note.ts'
import { forecast, timed } from '../seconds.ts'
import { restore } from './restore.ts'

/**
 * Every row of every table, large objects, sequences, roles and settings, at both sides, while nobody can write at either. That something
 * differs is for the check `rowsDifferent` to say, at its gate.
 */
export const compareRestored = dumping.action({
  name: 'compare-restored',
  touches: [],
  result: z.object({
    transaction: z.string(),
    different: z.array(z.string()),
    rows: z.number(),
    tables: z.number(),
    databases: z.number(),
    seconds: z.number(),
  }),
  plan: about => ({
    title: { key: 'postgres.compare-restored.title', values: { component: about.component.id } },
    stage: 'drain',
    after: [restore],
    ...timed(forecast(about).steps.compare),
    ...twice,
    trigger: 'R3',
    undo: { possible: false, why: { key: 'postgres.compare-restored.byHand' } },
  }),

  // A comparison is of the moment in which it is made.
  isDone: async () => false,

  async apply(about, io) {
    const { source, target } = sidesOf(about)
    const startedAt = io.now()
    const transaction = await nextTransaction(source, io)
    const databases = Object.keys((await readNote(target, io))?.databases ?? {})
    const compared = await comparedWithSource({ source, target }, databases, io)
    return {
      ...{ ...compared, transaction, databases: databases.length },
      seconds: secondsBetween(startedAt, io.now()),
    }
  },
})
