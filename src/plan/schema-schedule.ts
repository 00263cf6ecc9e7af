import { z } from 'zod'
import { works } from '../model/schedule.ts'
import * as field from './fields.ts'

/** What a plan on paper says beside what Bascule carries out: it is judged by `bascule check` and executed by nobody. */
const strict = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z.strictObject(shape, 'plan.expected.map')

const work = () => z.enum(works).describe('What kind of work it is: `bascule check` judges it by this word.')
const components = () => z.array(field.id(), 'plan.expected.list')
const size = () =>
  field.sizeRange().describe('What the work reads or moves. Default: the declared sizes of its components.')

export const workFields = () => ({
  work: work().optional(),
  components: components().optional().describe('Components that the work is about.'),
  size: size().optional(),
})

const slotSchema = () =>
  strict({
    title: field.line().optional().describe('What is done. Default: its id.'),
    work: work(),
    components: components().default([]).describe('Components that the work is about.'),
    owner: field.id().optional().describe('A role of `people`. Default: the owner of its first component.'),
    at: field
      .moment()
      .optional()
      .describe(
        'Local time in `zone`; without a day, in the night of the window. Without it: in the window, at no planned time.',
      ),
    until: field
      .moment()
      .optional()
      .describe('Planned end. Default: the start of the next one; of the last one, the end of the window.'),
    size: size().optional(),
  })

export const scheduleSchema = () =>
  z
    .record(field.checkId(), slotSchema(), 'plan.expected.map')
    .optional()
    .describe(
      'The schedule as people planned it. `bascule check` judges it; Bascule’s own steps come from the components. The key is the slot’s id.',
    )

export const ratesSchema = () =>
  strict({
    dump: field.byteRate().optional().describe('A dump, in bytes of the database. Assumed: 60 MB/s.'),
    restore: field
      .byteRate()
      .optional()
      .describe('A restore, with its indexes, in bytes of the database. Assumed: 20 MB/s.'),
    hash: field.byteRate().optional().describe('Reading and hashing files. Assumed: 200 MB/s.'),
    compare: field.byteRate().optional().describe('Comparing all rows. Assumed: 100 MB/s.'),
    boot: field
      .duration()
      .optional()
      .describe(
        'One machine, from its start until it answers. Assumed: half of its `startSeconds`, 30 s at most.',
      ),
  })
    .optional()
    .describe(
      'Rates measured on these hosts, by which `bascule check` judges the schedule. Without one it takes the assumed rate, and says so.',
    )

export const architectureSchema = () =>
  strict({
    components: components().describe('Components that run at the target.'),
    monitoring: field.line().optional().describe('What monitors the target. Without it: nothing does.'),
    backup: field
      .line()
      .optional()
      .describe('What backs the target’s data up after the migration. Without it: nothing does.'),
    power: field
      .line()
      .optional()
      .describe('What powers the target when its supply fails (UPS, generator). Without it: nothing does.'),
    copies: z
      .record(field.id(), z.int().min(1).max(100), 'plan.expected.map')
      .default({})
      .describe('How many copies of a component’s data run at the target. The key is the component.'),
    room: field.sizeRange().optional().describe('Free space at the target for the data of all components.'),
  })
    .optional()
    .describe(
      'What stands at the target, as its architecture says. Without this section `bascule check` does not judge it.',
    )
