import { kind } from '../../src/kinds/dns/index.ts'
import { dnsSpec } from '../../src/kinds/dns/spec.ts'
import type { Facts, Finding } from '../../src/model/fact.ts'
import type { ChangeIo } from '../../src/model/io.ts'
import type { JsonObject } from '../../src/model/json.ts'
import type { PlanContext, StepContext } from '../../src/model/kind.ts'
import type { Component, Plan } from '../../src/model/plan.ts'
import type { RunMode } from '../../src/model/step.ts'

export type ZoneSet = { name: string; type: string; ttlSeconds: number; data: string[] }

/** A zone at one provider, as the suite that judges every provider wants it. Names absolute without the final dot. */
export type Bench = {
  zone: string
  io: ChangeIo
  servers: { address: string; port: number }[]
  /** The plan's `update`, and with what fails. */
  update: JsonObject
  wrongSecret: { update: JsonObject; code: string }
  withoutRight?: { update: JsonObject; code: string }
  /** Every set that users are given, sorted; SOA and NS aside. */
  served(): Promise<ZoneSet[]>
  /** As another hand would; no data takes the set away. */
  put(set: ZoneSet): Promise<void>
  close(): Promise<void>
}

const plan = { window: { lengthMinutes: 120 } } as Plan
export const highTtlSeconds = 3600
export const lowTtlSeconds = 300

/** One of every type there is, sets of several values, one that comes and one that goes. */
const planned = [
  { name: 'auth', type: 'A', source: '10.80.4.11', target: '10.80.4.12' },
  { name: 'courses', type: 'A', source: ['10.80.4.11'], target: ['10.80.4.12', '10.80.4.13'] },
  { name: 'files', type: 'A', source: ['10.80.4.11', '10.80.4.12'], target: ['10.80.4.12'] },
  { name: 'six', type: 'AAAA', source: '2001:db8::11', target: '2001:db8::12' },
  { name: 'www', type: 'CNAME', source: 'auth', target: 'courses' },
  { name: '@', type: 'MX', source: '10 mail', target: ['10 mail', '20 mail2.example.'] },
  { name: '@', type: 'TXT', source: 'v=spf1 ip4:10.80.4.11 -all', target: 'v=spf1 ip4:10.80.4.12 -all' },
  { name: 'old', type: 'A', source: '10.80.4.11', target: [] },
  { name: 'new', type: 'A', source: [], target: '10.80.4.12' },
]

const set = (name: string, type: string, ...data: string[]): ZoneSet => ({
  name,
  type,
  ttlSeconds: highTtlSeconds,
  data,
})
/** What the zone holds before; `mail` is not the plan's, and stays whatever happens. */
export const zoneBefore = (zone: string): ZoneSet[] =>
  [
    set(`auth.${zone}`, 'A', '10.80.4.11'),
    set(`courses.${zone}`, 'A', '10.80.4.11'),
    set(`files.${zone}`, 'A', '10.80.4.11', '10.80.4.12'),
    set(`mail.${zone}`, 'A', '10.80.4.25'),
    set(`old.${zone}`, 'A', '10.80.4.11'),
    set(`six.${zone}`, 'AAAA', '2001:db8::11'),
    set(zone, 'MX', `10 mail.${zone}`),
    set(zone, 'TXT', '"v=spf1 ip4:10.80.4.11 -all"'),
    set(`www.${zone}`, 'CNAME', `auth.${zone}`),
  ].toSorted(inOrder)

/** After the switch, with the low TTL; of what was lowered before it. */
export const zoneAfter = (zone: string): ZoneSet[] => {
  const moved: Record<string, string[]> = {
    [`auth.${zone} A`]: ['10.80.4.12'],
    [`courses.${zone} A`]: ['10.80.4.12', '10.80.4.13'],
    [`files.${zone} A`]: ['10.80.4.12'],
    [`six.${zone} AAAA`]: ['2001:db8::12'],
    [`${zone} MX`]: [`10 mail.${zone}`, '20 mail2.example'],
    [`${zone} TXT`]: ['"v=spf1 ip4:10.80.4.12 -all"'],
    [`www.${zone} CNAME`]: [`courses.${zone}`],
  }
  const stays = zoneBefore(zone).filter(({ name }) => name !== `old.${zone}`)
  const sets = stays.map(one => {
    const data = moved[`${one.name} ${one.type}`]
    return data === undefined ? one : { ...one, data, ttlSeconds: lowTtlSeconds }
  })
  return [...sets, { ...set(`new.${zone}`, 'A', '10.80.4.12'), ttlSeconds: lowTtlSeconds }].toSorted(inOrder)
}

export const zoneLowered = (zone: string): ZoneSet[] =>
  zoneBefore(zone).map(one => (one.name === `mail.${zone}` ? one : { ...one, ttlSeconds: lowTtlSeconds }))

export function inOrder(left: ZoneSet, right: ZoneSet): number {
  const [one, other] = [`${left.name} ${left.type}`, `${right.name} ${right.type}`]
  return one < other ? -1 : one > other ? 1 : 0
}

export function componentOf(bench: Bench, changes: JsonObject = {}): Component {
  const spec = dnsSpec.parse({
    zone: bench.zone,
    servers: bench.servers,
    update: bench.update,
    lowTtlSeconds,
    propagationSeconds: 10,
    records: planned,
    ...changes,
  }) as unknown as JsonObject
  return { id: 'names', kind: 'dns', spec, title: '', criticality: 'critical', owner: 'network', needs: [] }
}

const contextOf = (mode: RunMode, facts: Facts): PlanContext => ({ plan, mode, facts: { names: facts } })

export async function audited(bench: Bench, component: Component, mode: RunMode) {
  const facts = await kind.audit(component, contextOf(mode, {}), bench.io)
  const findings: Finding[] = kind.findings(component, facts, contextOf(mode, facts))
  return { facts, findings }
}

/** A step as the executor would run it, with the door it is given. */
export function stepOf(component: Component, facts: Facts, mode: RunMode, name: string) {
  const found = kind.plan(component, facts, contextOf(mode, facts)).find(one => one.name === name)
  const action = kind.actions[found?.action ?? '']
  if (!found || !action) throw new Error(`no step ${name} in mode ${mode}`)
  const step = { ...found, id: `names.${name}`, component: 'names', kind: 'dns', owner: 'network' }
  const context: StepContext = {
    ...contextOf(mode, facts),
    step,
    component,
    fencingNumber: 1,
    results: {},
  }
  return {
    isDone: (io: ChangeIo) => action.isDone(context, io),
    apply: (io: ChangeIo) => action.apply(context, io),
    undo: async (io: ChangeIo) => action.undo?.(context, io),
  }
}
