import { Failure } from '../../../model/failure.ts'
import type { ChangeIo } from '../../../model/io.ts'
import type { JsonObject } from '../../../model/json.ts'
import type { Action, StepContext } from '../../../model/kind.ts'
import { instants } from '../changes.ts'
import { handBack } from '../hand-back.ts'
import { type Places, placesOf } from '../places.ts'
import { sync } from '../sync.ts'

/**
 * From here on files are written at the target. Applying proves that they could come back: a marker written at the
 * target arrives at the source. Undoing brings them back.
 */
export const reverseChannel: Action = {
  /** Proving it again costs less than finding out whether it was proven. */
  isDone: async () => false,

  async apply({ component, plan, step, fencingNumber }: StepContext, io: ChangeIo): Promise<JsonObject> {
    const places = placesOf(component, plan)
    const words = `${step.id} ${fencingNumber} ${io.now()}\n`
    const writing = io.writeFile(places.target.ssh, `${places.target.path}/${marker}`, words, {
      mode: '0600',
    })
    try {
      const [handedOverAt] = await Promise.all([instants(io, places), writing])
      await sync(io, places, { direction: 'back', only: marker })
      const arrived = await io.read(places.source.ssh, ['cat', `${places.source.path}/${marker}`])
      if (arrived.stdout !== words) throw notProven(places)
      return { handedOverAtSource: handedOverAt.source, handedOverAtTarget: handedOverAt.target }
    } finally {
      if (!io.signal.aborted) await removeMarkers(places, io)
    }
  },

  async undo(
    { component, plan, step, results, facts, fencingNumber }: StepContext,
    io: ChangeIo,
  ): Promise<void> {
    const places = placesOf(component, plan)
    await removeMarkers(places, io)
    const since = results[step.id]?.handedOverAtTarget
    await handBack(io, places, facts[component.id], {
      since: typeof since === 'number' ? since : undefined,
      fencingNumber,
    })
  },
}

const marker = '.bascule-marker'

async function removeMarkers({ source, target }: Places, io: ChangeIo): Promise<void> {
  await Promise.all([source, target].map(end => io.change(end.ssh, ['rm', '-f', `${end.path}/${marker}`])))
}

const notProven = ({ source, target }: Places): Failure =>
  new Failure(
    { key: 'files.reverse.notProven', values: { source: source.ssh, target: target.ssh } },
    {
      remedy: {
        key: 'files.reverse.notProven.remedy',
        values: { source: source.ssh, address: target.address },
      },
    },
  )
