import { AsyncLocalStorage } from 'node:async_hooks'
import type { JsonObject } from '../../../model/json.ts'
import type { AnyAction } from '../../kit/kind-parts.ts'
import type { TaskEnd } from './answers.ts'

/** Of the attempt that is at work: its tasks that have ended well, in order. */
const tasksOfAttempt = new AsyncLocalStorage<JsonObject[]>()

/** Gives the end back; written down where the attempt keeps its tasks. */
export function keepTask(type: string, end: TaskEnd): TaskEnd {
  const { upid, exitStatus, warnings, lastLines } = end
  tasksOfAttempt.getStore()?.push({ type, upid, exitStatus, warnings, lastLines })
  return end
}

/** The same action, whose result also says what its tasks at Proxmox VE said: what they warned of is not lost with the night. */
export const keepingTasks = (action: AnyAction): AnyAction => ({
  ...action,
  async apply(...given) {
    const tasks: JsonObject[] = []
    const result = await tasksOfAttempt.run(tasks, () => action.apply(...given))
    return tasks.length === 0 ? result : { ...(result as JsonObject | undefined), tasks }
  },
})
