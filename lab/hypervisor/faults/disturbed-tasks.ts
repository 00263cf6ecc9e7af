import type { Disturb } from '../api/tasks/tasks.ts'
import { Refusal } from '../machines/refusal.ts'
import type { Faults } from './faults.ts'

/** Tasks that warn or fail because they are to. */
export const disturbTasks =
  (faults: Faults): Disturb =>
  (type, id, log) => {
    const concerns = (fault: { type?: string; vmid?: number }) =>
      (fault.type ?? type) === type && String(fault.vmid ?? id) === id
    const failing = faults.strike('task-error', concerns)
    const failure = new Refusal(failing?.text ?? 'the task was made to fail')
    if (failing && !failing.afterwards) throw failure
    const warning = faults.strike('task-warnings', concerns)
    return {
      afterwards: () => {
        if (warning) log.warn(warning.text ?? 'the task was made to warn')
        if (failing) throw failure
      },
    }
  }
