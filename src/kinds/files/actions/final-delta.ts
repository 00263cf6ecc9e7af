import type { ChangeIo } from '../../../model/io.ts'
import type { JsonObject } from '../../../model/json.ts'
import type { Action, StepContext } from '../../../model/kind.ts'
import { endLeftovers } from '../../kit/rsync-leftovers.ts'
import { auditedMountPoint, mostDeletions, requireSender } from '../guard.ts'
import { knownChange } from '../known-change.ts'
import { placesOf, workFile } from '../places.ts'
import { sync } from '../sync.ts'

/**
 * The last delta, once nothing writes any more. Names of what was sent stay at the source: a list of the estate's files
 * is no matter for the journal.
 */
export const finalDelta: Action = {
  /** Run again it sends what is left, and gives the result that later steps read. */
  isDone: async () => false,

  async apply({ component, plan, facts, results }: StepContext, io: ChangeIo): Promise<JsonObject> {
    const places = placesOf(component, plan)
    const { source } = places
    const list = workFile(places, 'final-delta.list')
    await Promise.all([
      requireSender(io, source, auditedMountPoint(facts[component.id])),
      endLeftovers(io, places.target.ssh, places.target.path),
      io.change(source.ssh, ['mkdir', '-p', '-m', '0700', places.workDirectory]),
    ])
    const known = Number(facts[component.id]?.files?.value ?? 0)
    const most = mostDeletions(places, known)
    const change = await knownChange(io, places, results, most)
    const report = await sync(io, places, {
      ...(change ? { names: change.names } : { delete: { most } }),
      logFile: list,
    })
    const { sentFiles, sentBytes, keptBytes, deleted } = report
    return {
      way: change ? 'known-list' : 'whole-tree',
      entries: change?.entries ?? report.entries,
      files: sentFiles,
      bytes: sentBytes,
      keptBytes,
      deleted,
      list,
      listHost: source.ssh,
    }
  },
}
