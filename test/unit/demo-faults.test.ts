import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, it, vi } from 'vitest'
import { basculeDiesName } from '../../lab/demo/bascule-dies.ts'
import { type Fault, faults, type NightFaultName, nightFaultNames, overlayOf } from '../../lab/demo/faults.ts'
import { faultAheadNames, faultsAhead } from '../../lab/demo/found-ahead.ts'
import { lineTrouble } from '../../lab/demo/line-trouble.ts'
import { step as syncStep } from '../../lab/demo/lost-in-sync.ts'
import { burdenBytes, overloadLink, touchRow } from '../../lab/demo/overload-link.ts'
import { sourceDies } from '../../lab/demo/source-dies.ts'
import { untilRun } from '../../lab/demo/until-run.ts'
import * as labFaults from '../../lab/faults/faults.ts'
import { exampleLab, renderOverlay } from '../../lab/overlay.ts'
import { repository } from '../../lab/paths.ts'
import { allParts, withoutMachines } from '../../lab/topology.ts'
import type { Lab } from '../../lab/types.ts'
import { forecast } from '../../src/forecast/forecast.ts'
import { worstEnd } from '../../src/forecast/last-safe.ts'
import { loadKinds } from '../../src/kinds/registry.ts'
import { exitCodes } from '../../src/model/failure.ts'
import type { Plan } from '../../src/model/plan.ts'
import type { Runbook, RunMode } from '../../src/model/step.ts'
import { parsePlan } from '../../src/plan/parse.ts'
import { emptyRun } from '../../src/run/empty-run.ts'
import { compile } from '../../src/runbook/compile.ts'
import { pageNamed } from '../helpers/docs-pages.ts'

vi.mock('../../lab/faults/faults.ts', async original =>
  Object.fromEntries(Object.keys(await original<object>()).map(name => [name, vi.fn(async () => {})])),
)
vi.mock('../../lab/demo/overload-link.ts', async original => ({
  ...(await original<object>()),
  overloadLink: vi.fn(async () => {}),
  touchRow: vi.fn(async () => ({ table: 'answers', key: 1, column: 'answer' })),
}))
vi.mock('../../lab/demo/source-dies.ts', () => ({ sourceDies: vi.fn(async () => {}) }))
vi.mock('../../lab/demo/line-trouble.ts', () => ({ lineTrouble: vi.fn(async () => {}) }))
vi.mock('../../lab/demo/until-run.ts', () => ({ untilRun: vi.fn(async () => {}) }))

const kinds = await loadKinds()
const lab = { name: 'lab', hosts: {} } as Lab
const stateDirectory = '/somewhere/state'

function planOf(machines: boolean, overlay: string | undefined): Plan {
  const techcorp = join(repository, 'examples/techcorp/plan.yaml')
  const parts = [...(machines ? allParts : withoutMachines)]
  const result = parsePlan(
    [
      { name: 'plan.yaml', text: readFileSync(techcorp, 'utf8') },
      { name: 'lab.yaml', text: renderOverlay({ ...exampleLab, parts }) },
      ...(overlay === undefined ? [] : [{ name: 'night.yaml', text: overlay }]),
    ],
    kinds,
  )
  if ('errors' in result) throw new Error(JSON.stringify(result.errors))
  return result.plan
}
const runbookOf = (plan: Plan, mode: RunMode): Runbook => compile({ plan, kinds, mode, facts: {} })
const idsOf = ({ steps }: Runbook): string[] => steps.map(({ id }) => id)

/** What a cause calls besides the faults of the laboratory, and with what. `alone`: it calls none of these itself. */
const helpers: { [Name in NightFaultName]?: { by: unknown; takes: unknown[]; alone?: true } } = {
  'rows-differ': { by: touchRow, takes: [lab] },
  overrun: { by: overloadLink, takes: [lab] },
  'target-dies-early': {
    by: untilRun,
    takes: [stateDirectory, 'live', expect.stringContaining('database.fence'), expect.any(Function)],
  },
  'source-dies': { by: sourceDies, takes: [lab, stateDirectory], alone: true },
  'line-lost-in-night': {
    by: lineTrouble,
    takes: [lab, stateDirectory, { mode: 'live', step: 'files.final-delta' }],
    alone: true,
  },
}

describe.each(nightFaultNames)('fault %s', name => {
  const fault: Fault = faults[name]

  it('is caused in the laboratory with what its cause takes', async () => {
    vi.clearAllMocks()
    await fault.cause?.(lab, { stateDirectory })
    const calls = Object.values(labFaults).flatMap(
      one => vi.mocked(one as (...given: unknown[]) => unknown).mock.calls,
    )
    const { by, takes = [], alone } = helpers[name] ?? {}
    if (by) expect(by).toHaveBeenCalledExactlyOnceWith(...takes)
    // what has no cause goes wrong later, or is what people say
    if (fault.cause === undefined) expect(fault.afterMove ?? fault.refuses).toBeDefined()
    else if (!alone) expect(calls).not.toEqual([])
    for (const [first, ...others] of calls) {
      expect(first).toBe(lab)
      expect(JSON.stringify(others)).not.toContain(stateDirectory)
    }
  })

  it.each([true, false])(
    'leaves a plan that can be read and a window that holds; with machines: %s',
    machines => {
      if (fault.needsMachines && !machines) return
      const plan = planOf(machines, overlayOf(fault, machines))
      const runbook = runbookOf(plan, 'live')
      const run = emptyRun(plan, runbook)
      const expected = forecast(runbook, run, plan, Temporal.Instant.from(run.windowStart))
      const leeway = worstEnd(expected, runbook, plan).until(Temporal.Instant.from(run.windowEnd))
      // what the audit measures makes estimates longer than they are without facts
      expect(leeway.total('seconds')).toBeGreaterThan(30)
      const { gate, role = '' } = fault.refuses ?? {}
      if (gate) expect(plan.gates[gate].signoffs).toContain(role)
    },
  )
})

it('the page of the lab has a row for each, with its trigger and its exit code', () => {
  const { text } = pageNamed('docs/lab.md')
  const rows = [...text.matchAll(/^\| `([\w-]+)`[^|]* \| `?([^|`]*)`? \| [^|]+ \| [^|]+ \| (\d+) \|$/gm)]
  const named = rows.map(([, name, trigger, exitCode]) => [name, trigger, Number(exitCode)])
  const meant = nightFaultNames.map(name => {
    const { trigger = '–', endsWith = exitCodes.rolledBack } = faults[name] as Fault
    return [name, trigger, endsWith]
  })
  expect(named.toSorted()).toEqual([...meant, [basculeDiesName, '–', exitCodes.ok]].toSorted())
})

it('an overrun is one: its burden takes longer on its way than the whole window lasts', () => {
  const seconds = (burdenBytes * 8) / 1e6
  for (const machines of [true, false]) {
    const { window } = planOf(machines, overlayOf(faults.overrun, machines))
    expect(window.lengthMinutes * 60).toBeLessThan(seconds)
  }
})

it('steps, checks and findings that faults speak of are there', () => {
  const plan = planOf(false, undefined)
  expect(idsOf(runbookOf(plan, 'live'))).toEqual(
    expect.arrayContaining(['files.final-delta', 'names.switch', 'database.fence']),
  )
  expect(idsOf(runbookOf(plan, 'preparation'))).toContain(syncStep)
  const foundByCheck = faultAheadNames.filter(name => faultsAhead[name].foundBy === 'preflight')
  for (const name of foundByCheck) expect(plan.checks[faultsAhead[name].as]?.gate).toBe('go')
})

it.each(faultAheadNames)('the plan of %s can be read', name => {
  const { overlay } = faultsAhead[name] as { overlay?: string }
  for (const machines of [true, false]) expect(() => planOf(machines, overlay)).not.toThrow()
})
