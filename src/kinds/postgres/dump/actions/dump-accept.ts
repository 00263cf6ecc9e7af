import { z } from 'zod'
import type { ReadIo } from '../../../../model/io.ts'
import { shortDeadlineSeconds, twice } from '../../../kit/timings.ts'
import { byHandAt, psql } from '../../by-hand.ts'
import { dumping } from '../../define.ts'
import { sidesOf } from '../../sides.ts'
import { identifier, literal } from '../../sql.ts'
import { limitsOf, proveWritable, setLimits } from '../../write-fence.ts'
import { readNote } from '../note.ts'
import type { DumpSide } from '../place.ts'
import { analyze } from './analyze.ts'
import { compareRestored } from './compare-restored.ts'

/** The restored databases let users in, as many as the source did. From the reopening on nothing brings back what they write here. */
export const dumpAccept = dumping.action({
  name: 'dump-accept',
  step: 'accept',
  touches: ['target'],
  handsOver: true,
  noReturnPath: true,
  result: z.object({ databases: z.number() }),
  plan: about => ({
    title: { key: 'postgres.dump-accept.title', values: { component: about.component.id } },
    stage: 'handover',
    after: [compareRestored, analyze],
    expectedSeconds: 1,
    deadlineSeconds: shortDeadlineSeconds,
    ...twice,
    trigger: 'R1',
    undo: {
      possible: true,
      expectedSeconds: 2,
      deadlineSeconds: shortDeadlineSeconds,
      byHand: { key: 'postgres.dump-accept.byHand', values: closeByHand(sidesOf(about).target) },
    },
  }),

  async isDone(about, io) {
    const { target } = sidesOf(about)
    const wanted = Object.entries(await wantedLimits(target, io))
    const limits = await limitsOf(target, io)
    const isOpen = wanted.length > 0 && wanted.every(([name, limit]) => limits[name] === limit)
    return isOpen ? { databases: wanted.length } : false
  },

  async apply(about, io) {
    const { target } = sidesOf(about)
    const at = io.at('target')
    const wanted = await wantedLimits(target, io)
    await setLimits(target, wanted, at)
    await proveWritable(target, at)
    return { databases: Object.keys(wanted).length }
  },

  async undo(about, io) {
    const { target } = sidesOf(about)
    const at = io.at('target')
    const names = Object.keys(await wantedLimits(target, io))
    await setLimits(target, Object.fromEntries(names.map(name => [name, 0])), at)
    if (names.length > 0) await at.execute(target.sql, endSessions(target, names))
  },
})

async function wantedLimits(target: DumpSide, io: ReadIo): Promise<Record<string, number>> {
  const note = await readNote(target, io)
  return Object.fromEntries(Object.entries(note?.databases ?? {}).map(([name, { limit }]) => [name, limit]))
}

const endSessions = ({ spec }: DumpSide, databases: readonly string[]): string =>
  `select pg_terminate_backend(pid) from pg_stat_activity where datname in (${databases.map(literal).join(', ')})
   and pid <> pg_backend_pid() and usename is distinct from ${literal(spec.admin.user)}`

function closeByHand(target: DumpSide) {
  const { databases } = target.spec
  const closed = databases.map(name => `alter database ${identifier(name)} with connection limit 0`)
  return byHandAt(target, psql(target, ...closed, endSessions(target, databases)))
}
