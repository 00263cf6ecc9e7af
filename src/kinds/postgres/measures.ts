import type { ReadIo } from '../../model/io.ts'
import type { Measurement } from '../../model/kind.ts'
import type { TypedMeasure } from '../kit/kind-parts.ts'
import { stateOf } from './cluster.ts'
import type { PostgresFacts } from './facts.ts'
import { standbyMeasures } from './measures-streaming.ts'
import type { MethodOf } from './method.ts'
import { type ClusterSide, inDatabase, sidesOf } from './sides.ts'
import type { PostgresSpec } from './spec-dump.ts'
import { queryOne } from './sql.ts'
import { isReadOnlyByDefault } from './write-fence.ts'

type AnyMeasure = TypedMeasure<PostgresSpec, PostgresFacts>

/** `methodOf`: what the plan has chosen. */
export const measuresBy = (methodOf: MethodOf): Record<string, AnyMeasure> => ({
  ...standbyMeasures,
  unreachableDatabases,
  rowsDifferent: {
    title: 'postgres.measure.rowsDifferent',
    tells: 'equality',
    unit: '',
    expectedSeconds: 120,
    rehearsable: false,
    measure: (about, io) => methodOf(about).rowsDifferent(about, io),
  },
})

/** T8: databases at the target that do not take users' writes. */
const unreachableDatabases: AnyMeasure = {
  title: 'postgres.measure.unreachableDatabases',
  unit: '',
  expectedSeconds: 10,
  async measure(about, io): Promise<Measurement> {
    const { target, spec } = sidesOf(about)
    const primary = (await stateOf(target, io)) === 'primary'
    const reached = await Promise.all(spec.databases.map(name => takesUsers(target, name, io)))
    const unreachable = spec.databases.filter((_, index) => !primary || reached[index] !== true)
    return {
      value: unreachable.length,
      figures: { databases: spec.databases, unreachable, primary },
      ...(unreachable.length > 0 && {
        detail: [{ key: 'postgres.measured.databases', values: { databases: unreachable.join(', ') } }],
      }),
    }
  },
}

async function takesUsers(target: ClusterSide, database: string, io: ReadIo): Promise<boolean> {
  try {
    const row = await queryOne(
      io,
      inDatabase(target, database),
      'select datconnlimit <> 0 as open from pg_database where datname = current_database()',
    )
    return row?.open === true && !(await isReadOnlyByDefault(target, io))
  } catch (error) {
    if (io.signal.aborted) throw error
    return false
  }
}
