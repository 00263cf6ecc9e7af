import { Failure } from '../../../../model/failure.ts'
import { typed } from '../../../kit/by-hand.ts'
import { diskOf } from '../../../kit/shared-use.ts'
import { twice } from '../../../kit/timings.ts'
import { dumping } from '../../define.ts'
import { socketFolder } from '../../safety-copy/place.ts'
import { sidesOf } from '../../sides.ts'
import { analyzeDatabase } from '../commands.ts'
import { readNote } from '../note.ts'
import { programErrors } from '../program-errors.ts'
import { forecast, timed } from '../seconds.ts'
import { restore } from './restore.ts'

/** What the planner knows of the data is in no dump: without it the first queries of users take minutes. */
export const analyze = dumping.action({
  name: 'analyze',
  touches: ['target'],
  undoTouches: [],
  plan: about => ({
    title: { key: 'postgres.analyze.title', values: { component: about.component.id } },
    stage: 'drain',
    after: [restore],
    ...timed(forecast(about).steps.analyze),
    duration: { alone: [diskOf(sidesOf(about).target.host)] },
    ...twice,
    trigger: 'failure',
    undo: {
      possible: true,
      expectedSeconds: 0,
      deadlineSeconds: 30,
      byHand: { key: 'postgres.analyze.byHand', values: { component: about.component.id } },
    },
  }),

  // Again is always right.
  isDone: async () => false,

  async apply(about, io) {
    const { target } = sidesOf(about)
    const socket = await socketFolder(target, io)
    for (const name of Object.keys((await readNote(target, io))?.databases ?? {})) {
      const argv = analyzeDatabase(target, socket, name)
      const options = { asUser: 'postgres', allowFailure: true }
      const { exitCode, stderr } = await io.at('target').change(target.host, argv, options)
      if (exitCode === 0) continue
      const values = {
        host: target.host,
        database: name,
        detail: programErrors(stderr),
        command: typed(argv),
      }
      throw new Failure(
        { key: 'postgres.analyze.failed', values },
        { remedy: { key: 'postgres.analyze.failed.remedy', values } },
      )
    }
    await io.at('target').execute(target.sql, 'checkpoint')
    return undefined
  },

  /** What it wrote goes with the databases. */
  async undo() {},
})
