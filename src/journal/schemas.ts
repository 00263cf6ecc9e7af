import { z } from 'zod'
import type { Fact, Finding, FindingLevel } from '../model/fact.ts'
import type { FailureCode, FailureRecord } from '../model/failure.ts'
import type { FigureForm } from '../model/figure.ts'
import type { Json, JsonObject } from '../model/json.ts'
import type {
  Approval,
  CheckSpec,
  Component,
  Criticality,
  Host,
  OnFailure,
  Person,
  Plan,
  Threshold,
} from '../model/plan.ts'
import { gateBefore, stages } from '../model/stage.ts'
import type {
  Check,
  DurationModel,
  Gate,
  OptionalPart,
  Runbook,
  RunMode,
  Step,
  TouchedSide,
  Trigger,
  Undo,
} from '../model/step.ts'
import type { MessageKey, Text } from '../model/text.ts'

/**
 * What a journal of this format holds, beside its events. A field more is let through, one that is missing or of another sort is
 * not. A field or a name that an older program must know changes the format (see `store.ts`).
 */

/** Every name of a type, or it does not compile: one that is omitted would make a journal that nobody can read. */
export const names = <T extends string>(all: Record<T, true>) => z.enum(Object.keys(all) as T[])
/** Comes out of `JSON.parse`: anything that is there is JSON. */
const json = z.custom<Json>(value => value !== undefined)
export const jsonObject: z.ZodType<JsonObject> = z.record(z.string(), json)
export const anyJson: z.ZodType<Json> = json

/** What stands in a sentence. A value that the program lost on the way must not keep the sentence from being written. */
const shown = z.custom<string | number>(value => typeof value !== 'object' || value === null)

export const text: z.ZodType<Text> = z.looseObject({
  // one of an older program may have no sentence any more: it is shown as it is
  key: z.custom<Text['key']>(value => typeof value === 'string'),
  values: z.record(z.string(), z.union([shown, z.lazy(() => text)])).exactOptional(),
})
export const failure: z.ZodType<FailureRecord> = z.looseObject({
  text,
  remedy: text.exactOptional(),
  detail: z.string().exactOptional(),
  // one of a newer program says nothing to this one
  code: z.custom<FailureCode>(value => typeof value === 'string').exactOptional(),
  leaveOut: z.array(z.string()).exactOptional(),
})
export const fact: z.ZodType<Fact> = z.looseObject({ value: json, unit: z.string(), at: z.string() })
export const finding: z.ZodType<Finding> = z.looseObject({
  id: z.string(),
  component: z.string(),
  level: names<FindingLevel>({ ok: true, warn: true, block: true }),
  text,
  remedy: text.exactOptional(),
})

export const mode = names<RunMode>({ preparation: true, rehearsal: true, live: true, close: true })
export const trigger = names<Trigger>({
  R1: true,
  R2: true,
  R3: true,
  R4: true,
  'no-go': true,
  order: true,
  failure: true,
  rehearsal: true,
})
export const gateId = z.enum(Object.keys(gateBefore) as (keyof typeof gateBefore)[])
const stageId = z.enum(stages.map(stage => stage.id))
const onFailure = names<OnFailure>({ block: true, 'roll-back': true, alert: true })
const threshold: z.ZodType<Threshold> = z.union([
  z.looseObject({ atLeast: z.number() }),
  z.looseObject({ below: z.number() }),
  z.looseObject({ equals: z.number() }),
])

const host = z.looseObject({
  ssh: z.string(),
  address: z.string(),
  become: names<Host['become']>({ runuser: true, sudo: true }),
})
const site = z.looseObject({
  ...{ id: z.string(), title: z.string(), hosts: z.record(z.string(), host) },
  hostOrder: z.array(z.string()).exactOptional(),
})
const person: z.ZodType<Person> = z.looseObject({
  ...{ role: z.string(), name: z.string(), contact: z.string(), duties: z.string() },
  key: z.string().exactOptional(),
  available: z.looseObject({ fromDay: z.number(), untilDay: z.number() }),
})
const component: z.ZodType<Component> = z.looseObject({
  ...{ id: z.string(), kind: z.string(), title: z.string(), owner: z.string() },
  criticality: names<Criticality>({ critical: true, high: true, medium: true, low: true }),
  needs: z.array(z.string()),
  declaredSizeBytes: z.looseObject({ from: z.number(), to: z.number() }).exactOptional(),
  spec: jsonObject,
})
const checkSpec: z.ZodType<CheckSpec> = z.looseObject({
  ...{ id: z.string(), component: z.string(), measure: z.string(), threshold, gate: gateId, onFailure },
  ...{ attempts: z.number(), backoffSeconds: z.number() },
  maxAgeSeconds: z.number().exactOptional(),
})
const gateSpec = z.looseObject({ signoffs: z.array(z.string()) })

export const plan: z.ZodType<Plan> = z.looseObject({
  ...{ name: z.string(), title: z.string(), zone: z.string() },
  sites: z.looseObject({ source: site, target: site }),
  outside: z.record(z.string(), host),
  ssh: z.looseObject({ configFile: z.string().exactOptional(), connectTimeoutSeconds: z.number() }),
  window: z.looseObject({
    ...{ start: z.string(), lengthMinutes: z.number(), rollbackReserveMinutes: z.number() },
  }),
  people: z.array(person),
  author: z
    .looseObject({
      name: z.string(),
      mayNotApprove: z.array(names<Approval>({ go: true, integrity: true, reopen: true, countersign: true })),
    })
    .exactOptional(),
  signatures: z.enum(['required', 'declared']).exactOptional(),
  timestamps: z.looseObject({ url: z.string(), trusted: z.string().exactOptional() }).exactOptional(),
  components: z.record(z.string(), component),
  checks: z.record(z.string(), checkSpec),
  gates: z.looseObject({ go: gateSpec, integrity: gateSpec, reopen: gateSpec }),
  phases: z.array(
    z.looseObject({
      ...{ id: z.string(), title: z.string(), fromDay: z.number(), untilDay: z.number(), owner: z.string() },
    }),
  ),
  rollback: z.looseObject({
    ...{ databaseStartSeconds: z.number(), serviceStartAttempts: z.number(), marginSeconds: z.number() },
    ...{ lineLostSeconds: z.number(), undoAttempts: z.number(), undoBackoffSeconds: z.number() },
  }),
  forecast: z
    .looseObject({
      percentile: z.union([z.literal(50), z.literal(80), z.literal(95)]),
      signoffSeconds: z.number().exactOptional(),
    })
    .exactOptional(),
  notices: z.array(
    z.looseObject({
      ...{ id: z.string(), day: z.number(), to: z.string(), subject: z.string(), bodyFile: z.string() },
    }),
  ),
})

const undo: z.ZodType<Undo> = z.discriminatedUnion('possible', [
  z.looseObject({
    ...{ possible: z.literal(true), expectedSeconds: z.number(), deadlineSeconds: z.number(), byHand: text },
  }),
  z.looseObject({ possible: z.literal(false), why: text }),
])
const sides = z.array(
  names<TouchedSide>({ source: true, target: true, shared: true, outside: true, replication: true }),
)
const optionalPart: z.ZodType<OptionalPart> = z.looseObject({
  ...{ part: z.string(), means: text, meansRolledBack: text },
  reason: z.string().exactOptional(),
})
const durationModel: z.ZodType<DurationModel> = z.looseObject({
  ...{ spread: z.number().exactOptional(), linkSeconds: z.number().exactOptional() },
  alone: z.array(z.string()).exactOptional(),
})
const step: z.ZodType<Step> = z.looseObject({
  ...{ id: z.string(), component: z.string(), kind: z.string(), action: z.string(), owner: z.string() },
  ...{ params: jsonObject, title: text, stage: stageId, after: z.array(z.string()), trigger, undo },
  ...{ expectedSeconds: z.number(), deadlineSeconds: z.number() },
  ...{ attempts: z.number(), backoffSeconds: z.number() },
  duration: durationModel.exactOptional(),
  touches: sides.exactOptional(),
  undoTouches: sides.exactOptional(),
  handsOver: z.literal(true).exactOptional(),
  stopsSource: z.literal(true).exactOptional(),
  makesReturnPath: names<NonNullable<Step['makesReturnPath']>>({
    monitored: true,
    unmonitored: true,
  }).exactOptional(),
  noReturnPath: z.literal(true).exactOptional(),
  transfer: names<NonNullable<Step['transfer']>>({ resumes: true, 'goes-on': true }).exactOptional(),
  beside: z.literal(true).exactOptional(),
  mayLeaveOut: z.array(optionalPart).exactOptional(),
})
const check: z.ZodType<Check> = z.looseObject({
  ...{ id: z.string(), component: z.string(), kind: z.string(), measure: z.string(), unit: z.string() },
  ...{ title: text, threshold, onFailure },
  ...{ attempts: z.number(), backoffSeconds: z.number(), deadlineSeconds: z.number() },
  alone: z.literal(true).exactOptional(),
  maxAgeSeconds: z.number().exactOptional(),
})
const gate: z.ZodType<Gate> = z.looseObject({
  ...{ id: gateId, title: text, after: z.array(z.string()) },
  ...{ checks: z.array(check), signoffs: z.array(z.string()) },
})

const messageKey = z.custom<MessageKey>(value => typeof value === 'string')
const figureForm: z.ZodType<FigureForm> = z.looseObject({
  label: messageKey,
  // one of a newer program is shown as a bare number
  unit: z.custom<NonNullable<FigureForm['unit']>>(value => typeof value === 'string').exactOptional(),
  words: z.record(z.string(), messageKey).exactOptional(),
})

export const runbook: z.ZodType<Runbook> = z.looseObject({
  ...{ plan: z.string(), mode, steps: z.array(step), gates: z.array(gate), hash: z.string() },
  figures: z.record(z.string(), z.record(z.string(), figureForm)).exactOptional(),
})
