import { Failure } from '../../../model/failure.ts'
import type { ChangeIo } from '../../../model/io.ts'
import type { JsonObject } from '../../../model/json.ts'
import type { Action, StepContext } from '../../../model/kind.ts'
import { instants } from '../changes.ts'
import { handBack } from '../hand-back.ts'
import { sync } from '../sync.ts'
import { type TreePair, treePairOf } from '../tree-pair.ts'

/**
 * From here on files are written at the target. Applying proves that they could come back: a marker written at the
 * target arrives at the source. Undoing brings them back.
 */
export const reverseChannel: Action = {
  /** Proving it again costs less than finding out whether it was proven. */
  isDone: async () => false,

  async apply({ component, plan, step, fencingNumber }: StepContext, io: ChangeIo): Promise<JsonObject> {
    const trees = treePairOf(component, plan)
    const words = `${step.id} ${fencingNumber} ${io.now()}\n`
    const writing = io.writeFile(trees.target.ssh, `${trees.target.path}/${marker}`, words, {
      mode: '0600',
    })
    try {
      const [handedOverAt] = await Promise.all([instants(io, trees), writing])
      await sync(io, trees, { direction: 'back', only: marker })
      const arrived = await io.read(trees.source.ssh, ['cat', `${trees.source.path}/${marker}`])
      if (arrived.stdout !== words) throw notProven(trees)
      return { handedOverAtSource: handedOverAt.source, handedOverAtTarget: handedOverAt.target }
    } finally {
      if (!io.signal.aborted) await removeMarkers(trees, io)
    }
  },

  async undo(
    { component, plan, step, results, facts, fencingNumber }: StepContext,
    io: ChangeIo,
  ): Promise<void> {
    const trees = treePairOf(component, plan)
    await removeMarkers(trees, io)
    const since = results[step.id]?.handedOverAtTarget
    await handBack(io, trees, facts[component.id], {
      since: typeof since === 'number' ? since : undefined,
      fencingNumber,
    })
  },
}

const marker = '.bascule-marker'

async function removeMarkers({ source, target }: TreePair, io: ChangeIo): Promise<void> {
  await Promise.all([source, target].map(end => io.change(end.ssh, ['rm', '-f', `${end.path}/${marker}`])))
}

const notProven = ({ source, target }: TreePair): Failure =>
  new Failure(
    { key: 'files.reverse.notProven', values: { source: source.ssh, target: target.ssh } },
    {
      remedy: {
        key: 'files.reverse.notProven.remedy',
        values: { source: source.ssh, address: target.address },
      },
    },
  )
