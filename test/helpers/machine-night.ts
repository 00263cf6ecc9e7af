import { clearFault, type Fault, setFault } from '../../lab/hypervisor/faults/faults.ts'
import { treeOf } from '../../lab/paths.ts'
import { kind } from '../../src/kinds/proxmox-vm/index.ts'
import type { Event } from '../../src/model/event.ts'
import type { FailureRecord } from '../../src/model/failure.ts'
import type { Plan } from '../../src/model/plan.ts'
import type { Run } from '../../src/model/run.ts'
import { systemClock } from '../../src/run/clock.ts'
import { dispatchThrough } from '../../src/run/dispatch.ts'
import { execute } from '../../src/run/execute.ts'
import type { Ended } from '../../src/run/execute-input.ts'
import { fold } from '../../src/run/fold.ts'
import { compile } from '../../src/runbook/compile.ts'
import { MemoryJournal } from '../doubles/memory-journal.ts'
import type { MachineSites } from './machine-sites.ts'

export type MachineNight = {
  ended: Ended
  run: Run
  /** Each attempt that failed, in order: of a step, or of its undo. */
  failures: { what: string; failure: FailureRecord }[]
}

const backoffSeconds = 0.2

/** A live night of this machine alone: the program's own engine on the real sites; nobody is waited for at the gates. */
export async function machineNight(
  sites: MachineSites,
  onEvent: (event: Event) => void = () => {},
): Promise<MachineNight> {
  const nobody = { signoffs: [] }
  const plan: Plan = {
    ...sites.plan,
    checks: {},
    gates: { go: nobody, integrity: nobody, reopen: nobody },
    rollback: { ...sites.plan.rollback, undoBackoffSeconds: backoffSeconds },
  }
  const kinds = { [kind.kind]: kind }
  const compiled = compile({ plan, kinds, facts: sites.facts, mode: 'live' })
  const runbook = { ...compiled, steps: compiled.steps.map(step => ({ ...step, backoffSeconds })) }
  const journal = new MemoryJournal(systemClock)
  const windowStart = systemClock.now()
  journal.append('night', {
    ...{ type: 'run.started', mode: 'live', planName: plan.name, planHash: '', runbookHash: runbook.hash },
    ...{ windowStart: `${windowStart}`, windowEnd: `${windowStart.add({ hours: 2 })}` },
    ...{ fencingNumber: 1, by: 'contract', programVersion: '' },
  })
  const ended = await execute({
    plan,
    runbook,
    run: 'night',
    ports: {
      journal,
      dispatch: dispatchThrough(kinds, sites.transport, []),
      clock: systemClock,
      orders: { take: () => [], pollMilliseconds: 2000 },
      authority: { check: async () => {} },
    },
    onEntry: ({ event }) => onEvent(event),
  })
  const events = journal.entries().map(({ event }) => event)
  const failures = events.flatMap(event =>
    event.type === 'step.failed' || event.type === 'undo.failed'
      ? [{ what: `${event.type.replace('.failed', '')} ${event.step}`, failure: event.failure }]
      : [],
  )
  const [run] = fold(journal.entries()).runs
  if (run === undefined) throw new Error('no run')
  return { ended, run, failures }
}

/** What goes wrong at a site's hypervisor from now on; only this. */
export function goesWrong(sites: MachineSites, site: 'montpellier' | 'toulouse', ...faults: Fault[]): void {
  const tree = treeOf(sites.lab.name, `${site}-hypervisor`)
  clearFault(tree)
  for (const fault of faults) setFault(tree, fault)
}
