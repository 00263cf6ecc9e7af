import { Failure } from '../../../model/failure.ts'
import type { ChangeIo } from '../../../model/io.ts'
import type { Action, StepContext } from '../../../model/kind.ts'
import type { SiteSide } from '../../../model/plan.ts'
import { askHealth, isHealthy } from '../ask.ts'
import { awaitService, isDown, isUp, startService, stopService } from '../control.ts'
import { type ManagedSide, managedAt, serviceAt } from '../sides.ts'

const at = ({ component, plan }: StepContext, side: SiteSide) => managedAt(component, plan, side)

/** Down at the source. The undo brings it back up: the users' way home, so it is tried as often as a start. */
export const stop: Action = {
  isDone: (context, io) => isDown(at(context, 'source'), io),
  async apply(context, io) {
    await stopService(at(context, 'source'), io)
    return undefined
  },
  undo: (context, io) => startAgain(at(context, 'source'), context.plan.rollback.serviceStartAttempts, io),
}

/** Up at the target. One call is one attempt: the step's own attempts count them (R2). */
export const start: Action = {
  isDone: (context, io) => isUp(at(context, 'target'), io),
  async apply(context, io) {
    return { startSeconds: await startService(at(context, 'target'), io) }
  },
  undo: (context, io) => stopService(at(context, 'target'), io),
}

/**
 * Healthy at the target, brought up by its machine. One call is one attempt (R2). The undo has nothing to do: the service goes
 * down with the machine, whose own start is undone after this step.
 */
export const awaitHealthy: Action = {
  isDone: async ({ component, plan }, io) => {
    const target = serviceAt(component, plan, 'target')
    return isHealthy(target, await askHealth(target, io))
  },
  async apply({ component, plan }, io) {
    return { startSeconds: await awaitService(serviceAt(component, plan, 'target'), io) }
  },
  undo: async () => undefined,
}

async function startAgain(service: ManagedSide, attempts: number, io: ChangeIo): Promise<void> {
  if (await isUp(service, io)) return
  for (let attempt = 1; ; attempt += 1) {
    try {
      await startService(service, io)
      return
    } catch (error) {
      io.signal.throwIfAborted()
      if (attempt >= attempts || !(error instanceof Failure)) throw error
    }
  }
}
