import { z } from 'zod'
import { secretReference } from '../../src/kinds/kit/fields.ts'
import type { Kind } from '../../src/model/kind.ts'
import type { Plan } from '../../src/model/plan.ts'
import { parsePlan } from '../../src/plan/parse.ts'

/** Two kinds that stand for any: one with data, secrets and defaults, one with choices and refinements. */
export const testKinds: Record<string, Kind> = {
  store: kind(
    'store',
    { lagSeconds: 's', lagBytes: 'bytes', rowsDifferent: '' },
    {
      source: z.strictObject({ host: z.string(), port: z.int().min(1).max(65535).default(5432) }),
      target: z.strictObject({ host: z.string(), port: z.int().min(1).max(65535).default(5432) }),
      admin: z.strictObject({ user: z.string(), password: secretReference() }),
      databases: z.array(z.string()).min(1).describe('The databases that move.'),
    },
  ),
  web: {
    ...kind('web', { loadP95Milliseconds: 'ms', failedProbes: '', failedHeaders: '' }, {}, 'headers'),
    spec: z
      .strictObject({
        source: z.strictObject({ host: z.string(), url: z.url() }),
        target: z.strictObject({ host: z.string(), url: z.url() }),
        manager: z.union([z.strictObject({ runit: z.string() }), z.strictObject({ systemd: z.string() })]),
        from: z.strictObject({ outside: z.string() }).optional(),
        headers: z.record(z.string(), z.string()).optional(),
        simultaneous: z.int().positive().optional(),
        lowest: z.number().default(1),
        highest: z.number().default(2),
      })
      .refine(({ lowest, highest }) => lowest < highest, { error: 'web.order', path: ['highest'] }),
    messages: {
      en: { 'web.order': 'more than lowest' },
      fr: { 'web.order': 'plus que lowest' },
    },
  },
}

/** `failedHeaders`, where a kind has it, is for components with that field. */
function kind(name: string, units: Record<string, string>, shape: z.ZodRawShape, needsField = ''): Kind {
  const measures = Object.entries(units).map(([measure, unit]) => [
    measure,
    {
      ...{ unit, expectedSeconds: 1, measure: async () => ({ value: 0, figures: {} }) },
      ...(measure === 'failedHeaders' && { needsField }),
    },
  ])
  return {
    kind: name,
    spec: z.strictObject(shape),
    messages: { en: {}, fr: {} },
    audit: async () => ({}),
    findings: () => [],
    plan: () => [],
    actions: {},
    measures: Object.fromEntries(measures),
  }
}

/** A whole plan of these kinds, small and correct. Line and column of its parts are used by the tests. */
export const goodPlan = `bascule: 1
name: small
title: A small move
zone: Europe/Paris
window: {start: 2026-12-12T22:00, length: 2 h, rollbackReserve: 20 min}
sites:
  source:
    id: here
    title: Here
    hosts:
      database: {ssh: here-db, address: 192.0.2.10}
      app: {ssh: here-app, address: 192.0.2.11}
  target:
    id: there
    title: There
    hosts:
      database: {ssh: there-db, address: 198.51.100.10}
      app: {ssh: there-app, address: 198.51.100.11, become: runuser}
people:
  - {role: lead, name: Claire Martin, contact: claire@example.org, available: J-14 to J+7}
  - {role: dba, name: Paul Roux, contact: paul@example.org, available: J-7 to J+3}
components:
  data:
    kind: store
    criticality: critical
    owner: dba
    declaredSize: 50-100 GB
    source: {host: database}
    target: {host: database, port: 5433}
    admin: {user: bascule, password: "env:DB_PASSWORD"}
    databases: [main]
  site:
    kind: web
    title: The site
    criticality: high
    owner: lead
    needs: [data]
    source: {host: app, url: "http://192.0.2.11"}
    target: {host: app, url: "http://198.51.100.11"}
    manager: {systemd: site.service}
checks:
  T2: {component: data, measure: lagSeconds, below: 1 min, gate: go, onFailure: block}
  T13: {component: site, measure: loadP95Milliseconds, below: 2 s, gate: reopen, onFailure: alert, attempts: 2}
gates:
  go: {signoffs: [lead, dba]}
phases:
  week-1: {title: Audit, days: J-14 to J-8, owner: lead}
rollback: {databaseStart: 5 min, serviceStartAttempts: 3}
notices:
  planned: {day: J-7, to: users, subject: Maintenance, bodyFile: planned.md}
signatures: declared
`

/** The plan that a correct text is. */
export function planOf(text: string): Plan {
  const result = parsePlan([{ name: 'plan.yaml', text }], testKinds)
  if ('errors' in result) throw new Error(JSON.stringify(result.errors))
  return result.plan
}

/** Each error as `line:column path problem`, with the nearest name if one is given. */
export function complaints(text: string, ...overlays: string[]): string[] {
  const files = [text, ...overlays].map((content, index) => ({ name: `${index}.yaml`, text: content }))
  const result = parsePlan(files, testKinds)
  if (!('errors' in result)) return []
  return result.errors.map(({ place, path, problem, nearest }) => {
    const file = overlays.length === 0 ? '' : `${place.file} `
    const where = `${file}${place.line}:${place.column}${path === '' ? '' : ` ${path}`}`
    return `${where} ${problem.key.replace(/^plan\./, '')}${nearest === undefined ? '' : ` → ${nearest}`}`
  })
}

/** The good plan with one piece replaced. Throws when the piece is not there, so that no row tests nothing. */
export function changed(from: string, to: string): string {
  if (!goodPlan.includes(from)) throw new Error(`the good plan does not hold ${from}`)
  return goodPlan.replace(from, () => to)
}
