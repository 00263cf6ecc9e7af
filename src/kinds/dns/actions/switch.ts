import { z } from 'zod'
import type { About, Acting } from '../../kit/kind-parts.ts'
import { thrice } from '../../kit/timings.ts'
import {
  allServed,
  changeRecords,
  durations,
  lowered,
  plannedChange,
  type RecordChange,
  recordsChanged,
  restoreRecords,
} from '../change.ts'
import { dns, type Known, type Spec } from '../facts.ts'
import { optionalServers, withoutLeftOut } from '../left-out.ts'
import { untilInStep } from '../propagation.ts'
import { primaryOf, providerOf } from '../providers/index.ts'
import { recordsOf, shown } from '../spec.ts'
import { updateFailed } from '../update-answer.ts'
import { servesExactly, viewOf } from '../zone.ts'

/** By record key: data as `DnsRecord.data` has them, and the TTL in seconds. */
const recordSets = z.record(z.string(), z.object({ data: z.array(z.string()), ttlSeconds: z.number() }))

/** All names to the target in one update; the undo, all back. The TTL stays low both ways: users follow quickly. */
export const switchNames = dns.action({
  name: 'switch',
  touches: ['shared'],
  plan: about => ({
    ...plannedChange(about.spec, {
      nsupdate: 'dns.switch.byHand.nsupdate',
      console: 'dns.switch.byHand.console',
    }),
    title: { key: 'dns.switch.title', values: shown(about.spec) },
    stage: 'switch',
    params: { asWritten: originalRecordSets(about) },
  }),
  async isDone({ spec, leftOut }, io) {
    return (await allServed(withoutLeftOut(spec, leftOut), forth(spec), io)) && true
  },
  async apply({ spec, leftOut }, io) {
    await changeRecords(withoutLeftOut(spec, leftOut), forth(spec), io.at('shared'))
    return undefined
  },
  undo: (context, io) => restoreRecords(context, back(context), io.at('shared')),
})

const forth = (spec: Spec): RecordChange[] =>
  recordsOf(spec).map(record => ({
    record,
    from: record.source,
    to: record.target,
    ttlOf: lowered(spec.lowTtlSeconds),
  }))

/** As the audit saw it written, so that the zone is again what it was to the byte. */
function back({ spec, step }: Acting<Spec, Known>): RecordChange[] {
  const written = recordSets.parse(step.params.asWritten ?? {})
  return recordsOf(spec).map(record => ({
    record,
    from: record.target,
    to: written[record.key]?.data ?? record.source,
    ttlOf: current => lowered(spec.lowTtlSeconds)(current ?? written[record.key]?.ttlSeconds),
  }))
}

/**
 * What the plan alone would not bring back to the byte: a text cut into other strings than the program would, letters of
 * another case, the TTL of a record that the switch takes away.
 */
function originalRecordSets({ spec, facts }: About<Spec, Known>): z.infer<typeof recordSets> {
  const sets = recordsOf(spec).flatMap(({ key, source, target }) => {
    const found = (facts.records ?? []).filter(({ record, data }) => record === key && data.length > 0)
    const one = found.find(({ server }) => server === facts.primary?.server) ?? found[0]
    if (!one) return []
    const { data, ttlSeconds } = one
    const isAsPlanned = JSON.stringify(data) === JSON.stringify(source.toSorted())
    return isAsPlanned && target.length > 0 ? [] : [[key, { data, ttlSeconds }] as const]
  })
  return Object.fromEntries(sets)
}

/**
 * In a rehearsal: the switch would be accepted and taken by every server, as far as that can be known without switching. It touches
 * nothing: what it sends is what the zone holds.
 */
export const dryRun = dns.action({
  name: 'dry-run',
  touches: [],
  result: z.object({
    records: z.number(),
    serialBefore: z.number().nullable(),
    serialAfter: z.number().nullable(),
  }),
  plan: ({ spec }) => ({
    title: { key: 'dns.dry-run.title', values: shown(spec) },
    stage: 'switch',
    ...durations(spec),
    ...thrice,
    trigger: 'failure',
    mayLeaveOut: optionalServers(spec),
    undo: { possible: false, why: { key: 'dns.undo.nothing' } },
  }),
  /** Cheap, and its worth is in having just been done. */
  isDone: async () => false,
  async apply({ spec: planned, leftOut }, io) {
    const spec = withoutLeftOut(planned, leftOut)
    const records = recordsOf(spec)
    const view = await viewOf(primaryOf(spec), spec.zone, records, io)
    const conflicting = records.filter(record => !servesExactly(view, record, record.source))
    if (view.silence === undefined && conflicting.length > 0)
      throw recordsChanged(
        conflicting.map(record => ({ record, from: record.source })),
        view,
      )
    const current = records.map(({ key, name, type, source }) => ({
      name,
      type,
      data: view.said[key]?.data ?? source,
      ttlSeconds: view.said[key]?.ttlSeconds ?? spec.lowTtlSeconds,
    }))
    const answer = await providerOf(spec).rehearse(spec.zone, current, io)
    if (answer.code !== 'NOERROR') throw updateFailed(answer, spec)
    await untilInStep(spec, io)
    const after = await viewOf(primaryOf(spec), spec.zone, [], io)
    return { records: records.length, serialBefore: view.serial ?? null, serialAfter: after.serial ?? null }
  },
})
