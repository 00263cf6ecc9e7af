import type { Action } from '../../../model/kind.ts'
import { recordsChanged, updateFailed } from '../failures.ts'
import { primaryOf, providerOf } from '../providers.ts'
import { recordsOf } from '../records.ts'
import { says, viewOf } from '../servers.ts'
import { parseSpec } from '../spec.ts'
import { untilInStep } from '../wait-servers.ts'

/** In a rehearsal: the switch would be let in and taken by every server, as far as that can be known without switching. */
export const dryRun: Action = {
  /** Cheap, and its worth is in having just been done. */
  isDone: async () => false,
  async apply({ component }, io) {
    const spec = parseSpec(component.spec)
    const records = recordsOf(spec)
    const view = await viewOf(primaryOf(spec), spec.zone, records, io)
    const foreign = records.filter(record => !says(view, record, record.source))
    if (view.silence === undefined && foreign.length > 0)
      throw recordsChanged(
        foreign.map(record => ({ record, expected: record.source })),
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
}
