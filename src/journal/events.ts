import { z } from 'zod'
import type { DoneHow, Event, Order, OrderRecord, Outcome, SignedText } from '../model/event.ts'
import type { Loss, SignedGivenUp } from '../model/given-up.ts'
import type { SiteSide } from '../model/plan.ts'
import type { ReturnPathSeen } from '../model/return-path.ts'
import {
  anyJson,
  fact,
  failure,
  finding,
  gateId,
  jsonObject,
  mode,
  names,
  plan,
  runbook,
  text,
  trigger,
} from './schemas.ts'

/** What an event must have, by its type: a type without a schema here, or a schema of another shape, does not compile. */
type Schemas = { [Type in Event['type']]: z.ZodType<Extract<Event, { type: Type }>> }

const how = names<DoneHow>({
  ...({ applied: true, 'found-done': true, 'by-hand': true, skipped: true } as const),
  'site-given-up': true,
})
const outcome = names<Outcome>({
  ...({ prepared: true, rehearsed: true, moved: true, closed: true } as const),
  ...({ 'rolled-back': true, 'rolled-back-by-hand': true, 'rollback-failed': true } as const),
  ...({ held: true, failed: true } as const),
})
type Aborted<Type extends 'step.failed' | 'undo.failed'> = NonNullable<
  Extract<Event, { type: Type }>['aborted']
>
const stepAborted = names<Aborted<'step.failed'>>({
  ...({ deadline: true, rollback: true, stop: true, 'line-lost': true } as const),
  'site-given-up': true,
})
const undoAborted = names<Aborted<'undo.failed'>>({ deadline: true, stop: true, 'site-given-up': true })
const step = { step: z.string(), attempt: z.number() }
const check = { gate: gateId, check: z.string(), attempt: z.number() }
const repair = { component: z.string(), attempt: z.number() }
const returnPathSeen: z.ZodType<ReturnPathSeen> = z.looseObject({
  state: names<ReturnPathSeen['state']>({ good: true, behind: true, broken: true }),
  bytesBehind: z.number().nullable(),
  secondsBehind: z.number().nullable(),
  atStake: text,
  commits: z.enum(['both', 'waiting']).exactOptional(),
  why: text.exactOptional(),
})
const byPerson = { by: z.string().exactOptional(), reason: z.string().exactOptional() }

const side = names<SiteSide>({ source: true, target: true })
const loss: z.ZodType<Loss> = z.looseObject({
  component: z.string(),
  text: z.array(text),
  figures: jsonObject,
})
const givenUp = { side, silent: z.array(z.string()), loses: z.array(loss) }
const signedGivenUp: z.ZodType<SignedGivenUp> = z.looseObject({
  ...givenUp,
  ...{ isolated: z.string(), and: z.string() },
})

const order: z.ZodType<Order> = z.discriminatedUnion('do', [
  z.looseObject({
    ...{ do: z.enum(['go', 'no-go']), gate: gateId.exactOptional(), role: z.string() },
    note: z.string().exactOptional(),
    signs: z.looseObject({ planHash: z.string(), runbookHash: z.string() }).exactOptional(),
  }),
  z.looseObject({ do: z.enum(['hold', 'resume']), reason: z.string().exactOptional() }),
  z.looseObject({ do: z.literal('roll-back'), reason: z.string(), without: signedGivenUp.exactOptional() }),
  z.looseObject({ do: z.literal('repair-return-path'), reason: z.string() }),
  z.looseObject({ do: z.literal('go-on'), reason: z.string(), without: signedGivenUp }),
  z.looseObject({ do: z.enum(['done', 'retry', 'skip']), step: z.string(), reason: z.string() }),
  z.looseObject({
    do: z.literal('leave-out'),
    ...{ component: z.string(), part: z.string(), reason: z.string() },
  }),
  z.looseObject({
    do: z.literal('takeover'),
    ...{ from: z.string(), withoutCopyOf: z.string().exactOptional() },
  }),
  z.looseObject({
    do: z.literal('excuse-rehearsal'),
    ...{ role: z.string(), reason: z.string() },
  }),
  z.looseObject({
    do: z.literal('close'),
    final: z.looseObject({ steps: z.array(z.string()), and: z.string() }).exactOptional(),
  }),
])
const signed: z.ZodType<SignedText> = z.looseObject({ text: z.string(), signatures: z.array(z.string()) })
const given: z.ZodType<OrderRecord> = z.looseObject({
  ...{ id: z.string(), at: z.string(), by: z.string(), order },
  signed: signed.exactOptional(),
})

const event = <const Type extends string, Shape extends z.ZodRawShape>(type: Type, shape: Shape) =>
  z.looseObject({ type: z.literal(type), ...shape })

const schemas: Schemas = {
  'plan.recorded': event('plan.recorded', { hash: z.string(), plan }),
  'runbook.recorded': event('runbook.recorded', { hash: z.string(), runbook }),
  'facts.recorded': event('facts.recorded', {
    component: z.string(),
    facts: z.record(z.string(), fact),
  }),
  'findings.recorded': event('findings.recorded', { findings: z.array(finding) }),
  'preflight.ended': event('preflight.ended', {
    ...{ planHash: z.string(), actsHash: z.string(), ready: z.boolean() },
  }),
  'clocks.compared': event('clocks.compared', {
    clocks: z.record(z.string(), z.looseObject({ aheadSeconds: z.number(), withinSeconds: z.number() })),
  }),
  'run.started': event('run.started', {
    ...{ mode, planName: z.string(), planHash: z.string(), runbookHash: z.string() },
    ...{ programVersion: z.string(), windowStart: z.string(), windowEnd: z.string() },
    ...{ fencingNumber: z.number(), by: z.string() },
    plannedStart: z.string().exactOptional(),
    withoutRehearsal: z.string().exactOptional(),
    withoutCopies: z.literal(true).exactOptional(),
  }),
  'run.resumed': event('run.resumed', {
    ...{ fencingNumber: z.number(), by: z.string(), programVersion: z.string() },
  }),
  'run.finished': event('run.finished', { outcome }),
  'step.started': event('step.started', step),
  'step.done': event('step.done', { ...step, ...byPerson, how, result: jsonObject.exactOptional() }),
  'step.failed': event('step.failed', {
    ...step,
    failure,
    aborted: stepAborted.exactOptional(),
  }),
  'gate.reached': event('gate.reached', { gate: gateId }),
  'gate.opened': event('gate.opened', { gate: gateId }),
  'check.started': event('check.started', check),
  'check.done': event('check.done', {
    ...check,
    ...{ passed: z.boolean(), value: z.number(), unit: z.string(), figures: jsonObject },
    detail: z.array(text).exactOptional(),
    unverified: z.boolean().exactOptional(),
  }),
  'check.failed': event('check.failed', {
    ...check,
    failure,
    aborted: z.literal('line-lost').exactOptional(),
  }),
  'order.received': event('order.received', { order: given }),
  'order.refused': event('order.refused', { order: given, why: text }),
  'part.left-out': event('part.left-out', {
    ...{ component: z.string(), part: z.string(), reason: z.string() },
  }),
  'rollback.started': event('rollback.started', { trigger, why: text }),
  'undo.started': event('undo.started', step),
  'undo.done': event('undo.done', { ...step, ...byPerson, how }),
  'undo.failed': event('undo.failed', {
    ...step,
    failure,
    aborted: undoAborted.exactOptional(),
  }),
  'site.asked': event('site.asked', {
    side,
    silent: z.array(z.string()),
    answering: z.array(z.string()).optional(),
  }),
  'site.given-up': event('site.given-up', { ...givenUp, why: text }),
  'line.lost': event('line.lost', { component: z.string(), watch: z.string(), why: text }),
  'line.back': event('line.back', { component: z.string(), watch: z.string() }),
  'return-path.seen': event('return-path.seen', { component: z.string(), seen: returnPathSeen }),
  'return-path.repair-started': event('return-path.repair-started', repair),
  'return-path.repaired': event('return-path.repaired', { ...repair, result: jsonObject }),
  'return-path.repair-failed': event('return-path.repair-failed', {
    ...repair,
    failure,
    aborted: z.enum(['deadline', 'rollback', 'stop']).exactOptional(),
  }),
  'copy.lost': event('copy.lost', { host: z.string(), why: text }),
  'copy.back': event('copy.back', { host: z.string() }),
  'journal.key': event('journal.key', { key: z.string() }),
  'journal.sealed': event('journal.sealed', {
    ...{ entries: z.number(), root: z.string(), hosts: z.array(z.string()) },
    missing: z.array(z.looseObject({ host: z.string(), why: text })).exactOptional(),
  }),
  'journal.stamped': event('journal.stamped', {
    ...{ origin: z.string(), entries: z.number(), root: z.string(), response: z.base64() },
  }),
  'journal.not-stamped': event('journal.not-stamped', { entries: z.number(), why: text }),
  note: event('note', { text, data: anyJson.exactOptional() }),
}

/** A stored event, or what is wrong with it, as `check: …` or `step.attempt: …`. */
export function parseEvent(value: unknown): { event: Event } | { problem: string } {
  const type = (value as { type?: unknown } | null)?.type
  if (typeof type !== 'string' || !Object.hasOwn(schemas, type))
    return { problem: `type: ${JSON.stringify(type)}` }
  const parsed = schemas[type as Event['type']].safeParse(value)
  return parsed.success ? { event: parsed.data } : { problem: problemOf(type, parsed.error) }
}

/** The same of an order that comes from outside: one that a journal cannot hold must not reach a run. */
export function parseOrder(value: unknown): { order: Order } | { problem: string } {
  const parsed = order.safeParse(value)
  return parsed.success ? { order: parsed.data } : { problem: problemOf('order', parsed.error) }
}

/** What was signed of an order, as the inbox keeps it; undefined when it is nothing of the sort. */
export function parseSigned(content: string): SignedText | undefined {
  try {
    return signed.safeParse(JSON.parse(content)).data
  } catch {
    return undefined
  }
}

function problemOf(what: string, { issues: [issue] }: z.ZodError): string {
  return `${[what, ...(issue?.path ?? [])].join('.')}: ${issue?.message}`
}
