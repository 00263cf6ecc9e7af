import { z } from 'zod'
import type { Kind, Measure, MeasureMeaning } from '../../src/model/kind.ts'
import type { Provides } from '../../src/model/roles.ts'
import { judgePlan, type PlanFinding } from '../../src/plan/judge/judge.ts'
import { PlanRefused } from '../../src/plan/load.ts'
import { parsePlan } from '../../src/plan/parse.ts'

/** Kinds that only declare what the rules of `check` ask for; their names mean nothing to these. */
export const paperKinds: Record<string, Kind> = {
  pipe: kind(
    'pipe',
    { mbps: z.number() },
    { rate: ['Mbit/s', 'bandwidth'] },
    {
      linkRate: ({ component }) => ({ mbps: Number(component.spec.mbps), from: 'declared' }),
    },
  ),
  data: {
    ...kind(
      'data',
      { host: z.string().default('one'), port: z.int().min(1), path: z.string() },
      { behind: ['s', 'lag'], unsent: ['B', 'delta'], different: ['', 'equality'] },
      {
        connects: ({ component: { spec } }) => {
          const end = { host: String(spec.host), port: Number(spec.port) }
          return { source: end, target: end }
        },
        tree: ({ component: { spec } }) => {
          const end = { host: String(spec.host), path: String(spec.path) }
          return { source: end, target: end }
        },
      },
    ),
    returnPath: {
      everySeconds: 1,
      look: async () => Promise.reject(new Error('nobody looks at a plan on paper')),
      repair: async () => Promise.reject(new Error('nobody repairs a plan on paper')),
    },
  },
  box: kind('box', {}, {}, { boots: () => ({ seconds: 30 }) }),
  zone: {
    ...kind('zone', { ttl: z.int() }, { old: ['s', 'old-ttl'] }),
    remarks: ({ spec: { ttl } }) =>
      Number(ttl) < 60
        ? [
            {
              level: 'block',
              path: ['ttl'],
              text: { key: 'plan.judge.valueUnknown', values: { path: 'ttl' } },
              remedy: { key: 'plan.judge.valueUnknown.remedy' },
            },
          ]
        : [],
  },
}

function kind(
  name: string,
  shape: z.ZodRawShape,
  measures: Record<string, [string, MeasureMeaning]>,
  provides: Provides = {},
): Kind {
  const measured = Object.entries(measures).map(([measure, [unit, tells]]) => [
    measure,
    {
      unit,
      tells,
      expectedSeconds: 1,
      measure: async () => ({ value: 0, figures: {} }),
    } as unknown as Measure,
  ])
  return {
    kind: name,
    spec: z.strictObject(shape),
    messages: { en: {}, fr: {} },
    provides,
    audit: async () => ({}),
    findings: () => [],
    plan: () => [],
    actions: {},
    measures: Object.fromEntries(measured),
  }
}

/** A plan on paper in which everything is right: no rule has anything to say. */
export const rightPlan = `bascule: 1
name: paper
title: On paper
zone: Europe/Paris
window: {start: 2026-12-12T22:00, length: 2 h, rollbackReserve: 30 min}
sites:
  source: {id: here, title: Here, hosts: {one: {ssh: here, address: 192.0.2.1}}}
  target: {id: there, title: There, hosts: {one: {ssh: there, address: 198.51.100.1}}}
signatures: declared
people:
  - {role: lead, name: Claire Martin, contact: "+33 6 39 98 02 01, claire@example.org", available: J-14 to J+7}
  - {role: lead, name: Paul Roux, contact: "+33 6 39 98 02 02, paul@example.org", available: J-14 to J+7}
components:
  line: {kind: pipe, criticality: critical, owner: lead, mbps: 200}
  base: {kind: data, criticality: critical, owner: lead, declaredSize: 10-20 GB, port: 5432, path: /srv/base}
  tree: {kind: data, criticality: high, owner: lead, declaredSize: 20-40 GB, port: 22, path: /srv/tree}
  machine: {kind: box, criticality: high, owner: lead, needs: [base], declaredSize: 30 GB}
  names: {kind: zone, criticality: high, owner: lead, needs: [machine], ttl: 60}
checks:
  rate: {component: line, measure: rate, atLeast: 150, gate: go, onFailure: block}
  behind: {component: base, measure: behind, below: 60 s, gate: go, onFailure: block}
  unsent: {component: tree, measure: unsent, below: 5 GB, gate: go, onFailure: block}
  rows: {component: base, measure: different, equals: 0, gate: integrity, onFailure: roll-back}
  sent: {component: tree, measure: unsent, equals: 0, gate: reopen, onFailure: roll-back}
gates:
  go: {signoffs: [lead]}
phases:
  replica: {title: Replica, days: J-9 to J-7, owner: lead, work: replicate, components: [base]}
  sync: {title: First sync, days: J-6 to J-5, owner: lead, work: sync, components: [tree]}
  images: {title: Images, days: J-4, owner: lead, work: export, components: [machine]}
  ttl: {title: Low TTL, days: J-3, owner: lead, work: lower-ttl, components: [names]}
  old-ttl: {title: Old TTL, days: J-2, owner: lead, work: wait-ttl, components: [names]}
  week: {title: Watch, days: J+1 to J+7, owner: lead, work: watch}
schedule:
  page: {work: maintenance, at: "22:00"}
  stop: {work: stop, components: [machine], at: "22:05"}
  delta: {work: delta, components: [tree], at: "22:10"}
  images: {work: delta, components: [machine], at: "22:20"}
  position: {work: catch-up, components: [base], at: "22:25"}
  hash: {work: hash, components: [tree], at: "22:30", size: 5 GB}
  promote: {work: promote, components: [base], at: "22:40"}
  back: {work: flow-back, components: [base, tree], at: "22:45"}
  start: {work: start, components: [machine], at: "22:50"}
  test: {work: test, components: [machine], at: "23:00"}
  sign: {work: sign-off, at: "23:10"}
  switch: {work: switch, components: [names], at: "23:15", until: "23:20"}
  users: {work: reopen, at: "23:20"}
architecture:
  components: [base, tree, machine]
  monitoring: Prometheus
  backup: nightly
  power: UPS
  copies: {base: 2}
  room: 200 GB
rollback: {databaseStart: 5 min, serviceStartAttempts: 3}
`

export type Edit = readonly [from: string, to: string]

/** The right plan with pieces replaced. Throws when a piece is not there, so that no row tests nothing. */
export function edited(edits: readonly Edit[]): string {
  return edits.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`the plan does not hold ${from}`)
    return text.replace(from, () => to)
  }, rightPlan)
}

/** What the rules find. Throws on a plan with errors. */
export function findingsOf(text: string, now?: string): PlanFinding[] {
  const result = parsePlan([{ name: 'plan.yaml', text }], paperKinds)
  if ('errors' in result) throw new Error(JSON.stringify(result.errors, null, 1))
  return judgePlan(result, paperKinds, now)
}

/** Path and sentence of each error of a plan that was refused. */
export const complainedOf = (error: unknown): string[] =>
  error instanceof PlanRefused
    ? error.errors.map(({ path, problem }) => `${path} ${problem.key}`).toSorted()
    : [String(error)]
