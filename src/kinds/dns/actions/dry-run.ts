import { z } from 'zod'
import { durations, recordsChanged } from '../change.ts'
import { dns } from '../facts.ts'
import { untilInStep } from '../propagation.ts'
import { primaryOf, providerOf } from '../providers/index.ts'
import { recordsOf, shown } from '../spec.ts'
import { updateFailed } from '../update-answer.ts'
import { servesExactly, viewOf } from '../zone.ts'

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
    attempts: 3,
    backoffSeconds: 2,
    trigger: 'failure',
    undo: { possible: false, why: { key: 'dns.undo.nothing' } },
  }),
  /** Cheap, and its worth is in having just been done. */
  isDone: async () => false,
  async apply({ spec }, io) {
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
