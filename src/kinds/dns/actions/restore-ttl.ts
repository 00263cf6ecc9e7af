import type { Acting } from '../../kit/kind-parts.ts'
import {
  allServed,
  changeRecords,
  lowered,
  plannedChange,
  type RecordChange,
  restoreRecords,
} from '../change.ts'
import { dns, type Known, type Spec } from '../facts.ts'
import { recordsOf, shown } from '../spec.ts'
import { highest, lowerTtl, originalTtls } from './lower-ttl.ts'

/** The TTLs the records had before the preparation, now on the target's data. */
export const restoreTtl = dns.action({
  name: 'restore-ttl',
  touches: ['shared'],
  plan: ({ spec }) => ({
    ...plannedChange(spec, {
      nsupdate: 'dns.restore-ttl.byHand.nsupdate',
      console: 'dns.restore-ttl.byHand.console',
    }),
    title: { key: 'dns.restore-ttl.title', values: shown(spec) },
    stage: 'close',
  }),
  isDone: (context, io) => allServed(context.spec, restoring(context), io),
  async apply(context, io) {
    await changeRecords(context.spec, restoring(context), io.at('shared'))
    return undefined
  },
  undo({ spec }, io) {
    const low = targetChanges(spec, () => lowered(spec.lowTtlSeconds))
    return restoreRecords(spec, low, io.at('shared'))
  },
})

function restoring({ spec, facts, resultOf }: Acting<Spec, Known>): RecordChange[] {
  const kept = resultOf(lowerTtl)?.originals ?? {}
  const originals = originalTtls(spec, {}, kept, facts.ttlByRecord ?? {})
  // A record that came with the switch gets what the others have.
  return targetChanges(spec, key => current => originals[key] ?? (highest(originals) || (current ?? 0)))
}

const targetChanges = (spec: Spec, ttlOf: (key: string) => RecordChange['ttlOf']): RecordChange[] =>
  recordsOf(spec).map(record => ({
    record,
    from: record.target,
    to: record.target,
    ttlOf: ttlOf(record.key),
  }))
