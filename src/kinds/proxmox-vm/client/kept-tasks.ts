import type { ChangeIo } from '../../../model/io.ts'
import type { JsonObject } from '../../../model/json.ts'
import type { Action } from '../../../model/kind.ts'
import type { TaskEnd } from './answers.ts'

/** By the door of one attempt: its tasks that have ended well, in order. */
const tasksOf = new WeakMap<ChangeIo, JsonObject[]>()

/** Gives the end back; written down where the attempt keeps its tasks. */
export function keepTask(io: ChangeIo, type: string, end: TaskEnd): TaskEnd {
  const { upid, exitStatus, warnings, lastLines } = end
  tasksOf.get(io)?.push({ type, upid, exitStatus, warnings, lastLines })
  return end
}

/** Another door of the same attempt: its tasks are kept with the others. */
export function sameAttempt(io: ChangeIo, other: ChangeIo): ChangeIo {
  const tasks = tasksOf.get(io)
  if (tasks !== undefined) tasksOf.set(other, tasks)
  return other
}

/** The same action, whose result also says what its tasks at Proxmox VE said: what they warned of is not lost with the night. */
export const keepingTasks = (action: Action): Action => ({
  ...action,
  async apply(context, io) {
    const own: ChangeIo = { ...io }
    const tasks: JsonObject[] = []
    tasksOf.set(own, tasks)
    const result = await action.apply(context, own)
    return tasks.length === 0 ? result : { ...result, tasks }
  },
})
