import { secondsBetween } from '../../model/instant.ts'
import type { ReadIo } from '../../model/io.ts'
import type { Measurement } from '../../model/kind.ts'
import { until } from '../kit/until.ts'
import { flushedPosition, replayedPosition, stateOf } from './cluster.ts'
import { rowsDifferent } from './compare/rows-different.ts'
import { bytesBetween, isAtLeast } from './lsn.ts'
import { inDatabase, type PostgresMeasure, type Side, sidesOf } from './sides.ts'
import { queryOne } from './sql.ts'
import { isReadOnlyByDefault } from './write-fence.ts'

/** Longer than any threshold worth having: a standby further behind is late, however much. */
const lagLimitSeconds = 120
/** A server that has replayed nothing at all: a standby just starting has its first record within this, a stranger never. */
const firstRecordSeconds = 10

/** How long what the source had written when asked takes to be readable at the target. */
const lagSeconds: PostgresMeasure = {
  unit: 's',
  expectedSeconds: 30,
  async measure(about, io) {
    const { source, target } = sidesOf(about)
    const position = await flushedPosition(source, io)
    const startedAt = io.now()
    const elapsed = (): number => secondsBetween(startedAt, io.now())
    let bytesBehind: number | undefined
    const look = async () => {
      const replayed = await replayedPosition(target, io)
      const missing = behind(replayed, position)
      bytesBehind ??= missing
      const limitSeconds = replayed === '' ? firstRecordSeconds : lagLimitSeconds
      return missing === 0 || elapsed() >= limitSeconds ? { done: replayed } : { waiting: replayed }
    }
    const replayed = await until(io, look, {
      seconds: lagLimitSeconds,
      firstPauseSeconds: 0.1,
      longestPauseSeconds: 0.1,
      otherwise: () => new Error('a look ends the wait before'),
    })
    const reached = behind(replayed, position) === 0
    return {
      value: bytesBehind === 0 ? 0 : elapsed(),
      figures: { position, replayed, bytesBehind: bytesBehind ?? 0, reached },
      ...(reached ? {} : { unverified: true }),
    }
  },
}

const lagBytes: PostgresMeasure = {
  unit: 'B',
  expectedSeconds: 5,
  async measure(about, io) {
    const { source, target } = sidesOf(about)
    const position = await flushedPosition(source, io)
    const replayed = await replayedPosition(target, io)
    return { value: behind(replayed, position), figures: { position, replayed } }
  },
}

const behind = (replayed: string, position: string): number =>
  replayed !== '' && isAtLeast(replayed, position)
    ? 0
    : bytesBetween(replayed === '' ? '0/0' : replayed, position)

/** T8: databases at the target that do not take users' writes. */
const unreachableDatabases: PostgresMeasure = {
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
      ...(unreachable.length === 0 ? {} : { detail: unreachable.join(', ') }),
    }
  },
}

async function takesUsers(target: Side, database: string, io: ReadIo): Promise<boolean> {
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

export const measures: Record<string, PostgresMeasure> = {
  lagSeconds,
  lagBytes,
  unreachableDatabases,
  rowsDifferent,
}
