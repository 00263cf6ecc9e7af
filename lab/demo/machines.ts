import type { JsonObject } from '../../src/model/json.ts'
import type { Run } from '../../src/model/run.ts'
import type { Runbook } from '../../src/model/step.ts'

/** How a machine moved in the night, as the journal has it. What the night did not come to is null. */
export type MachineVerdict = {
  id: string
  way: string
  imageBytes: number | null
  /** What of the image travelled while users were out. */
  deltaBytes: number | null
  /** From the begin of its shutdown at the source until its probes passed at the target. */
  cutSeconds: number | null
  /** The contents of both images were compared, both machines off, and no disk was different. */
  contentsEqual: boolean
}

/** Every component that the runbook shuts down in one of several ways: the machines. */
export function machinesOf(runbook: Runbook, run: Run): MachineVerdict[] {
  return runbook.steps.flatMap(({ component, id, params }) =>
    id === `${component}.shutdown` && typeof params.way === 'string'
      ? [machineOf(run, component, params.way)]
      : [],
  )
}

function machineOf(run: Run, id: string, way: string): MachineVerdict {
  const step = (name: string) => run.steps[`${id}.${name}`]
  const transfer = (step('final-delta')?.result?.transfer ?? {}) as JsonObject
  const figure = (name: string) => (typeof transfer[name] === 'number' ? transfer[name] : null)
  const from = step('shutdown')?.startedAt
  const [started, compared] = [step('start'), step('compare')]
  const until = started?.status === 'done' ? started.endedAt : undefined
  return {
    id,
    way,
    imageBytes: figure('imageBytes'),
    deltaBytes: figure('sentBytes'),
    cutSeconds: from && until ? (Date.parse(until) - Date.parse(from)) / 1000 : null,
    contentsEqual: compared?.status === 'done' && compared.result?.different === 0,
  }
}
