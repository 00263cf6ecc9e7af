import type { JsonObject } from '../model/json.ts'
import type { Kind } from '../model/kind.ts'
import type { CheckSpec, Component, Plan, ReadinessPolicy, Site } from '../model/plan.ts'
import type { Architecture } from '../model/schedule.ts'
import { assembleSchedule } from './assemble-schedule.ts'
import { canonicalLocalTime } from './local-time.ts'
import { readThreshold } from './rules/thresholds.ts'
import type { ParsedPlan } from './schema.ts'
import { commonKeys } from './schema.ts'

/** From the plan as written, checked and with its notations read, to the plan the program works with. */
export function assemblePlan(parsed: ParsedPlan, kinds: Record<string, Kind>): Plan {
  const components = mapValues(parsed.components, (written, id) => component(id, written))
  const { window, rollback, ssh, zone, author } = parsed
  const start = canonicalLocalTime(window.start, zone)
  return {
    name: parsed.name,
    title: parsed.title,
    zone,
    sites: { source: site(parsed.sites.source), target: site(parsed.sites.target) },
    outside: parsed.outside,
    ssh: withoutUndefined({ configFile: ssh.configFile, connectTimeoutSeconds: ssh.connectTimeout }),
    window: {
      start,
      lengthMinutes: window.length / 60,
      rollbackReserveMinutes: window.rollbackReserve / 60,
    },
    people: parsed.people.map(({ key, ...person }) =>
      withoutUndefined({ ...person, duties: person.duties ?? '', key: key && bareKey(key) }),
    ),
    ...(author && { author }),
    signatures: parsed.signatures,
    ...(parsed.timestamps && { timestamps: withoutUndefined(parsed.timestamps) }),
    components,
    checks: mapValues(parsed.checks, (check, id) => checkSpec(id, check, components, kinds)),
    gates: parsed.gates,
    phases: Object.entries(parsed.phases).map(([id, { days, size, ...phase }]) =>
      withoutUndefined({ id, ...phase, sizeBytes: size, ...days }),
    ),
    ...(parsed.schedule && { schedule: assembleSchedule(parsed, start, components) }),
    ...(parsed.rates && { rates: withoutUndefined(parsed.rates) }),
    ...(parsed.architecture && { architecture: architecture(parsed.architecture) }),
    rollback: {
      databaseStartSeconds: rollback.databaseStart,
      serviceStartAttempts: rollback.serviceStartAttempts,
      lineLostSeconds: rollback.lineLost,
      marginSeconds: rollback.margin,
      undoAttempts: rollback.undoAttempts,
      undoBackoffSeconds: rollback.undoBackoff,
    },
    ...(parsed.readiness && { readiness: readinessPolicy(parsed.readiness, parsed.gates.go.signoffs) }),
    ...(parsed.forecast && { forecast: forecastPolicy(parsed.forecast) }),
    notices: Object.entries(parsed.notices).map(([id, notice]) => ({ id, ...notice })),
  }
}

const percentiles = { P50: 50, P80: 80, P95: 95 } as const
const forecastPolicy = ({ percentile, signoff }: NonNullable<ParsedPlan['forecast']>) =>
  withoutUndefined({ percentile: percentiles[percentile], signoffSeconds: signoff })

function readinessPolicy(
  { preflight, rehearsal, exceptionBy }: NonNullable<ParsedPlan['readiness']>,
  [first = '']: readonly string[],
): ReadinessPolicy {
  const limit = rehearsal === undefined ? undefined : { maxAgeSeconds: rehearsal }
  const aged = limit && { rehearsal: { ...limit, exceptionBy: exceptionBy ?? first } }
  return { preflightSeconds: preflight, ...aged }
}

const site = (written: ParsedPlan['sites']['source']): Site => ({
  ...written,
  hostOrder: Object.keys(written.hosts),
})

function architecture({ room, ...rest }: NonNullable<ParsedPlan['architecture']>): Architecture {
  return withoutUndefined({ ...rest, roomBytes: room?.from })
}

function component(id: string, written: ParsedPlan['components'][string]): Component {
  const { kind, title, criticality, owner, needs, declaredSize } = written
  const own = Object.entries(written).filter(
    ([key, value]) => !commonKeys.includes(key) && value !== undefined,
  )
  return withoutUndefined({
    id,
    kind,
    title: title ?? id,
    criticality,
    owner,
    needs,
    declaredSizeBytes: declaredSize,
    spec: Object.fromEntries(own) as JsonObject,
  })
}

function checkSpec(
  id: string,
  { backoff, maxAge, ...check }: ParsedPlan['checks'][string],
  components: Record<string, Component>,
  kinds: Record<string, Kind>,
): CheckSpec {
  const unit = kinds[components[check.component]?.kind ?? '']?.measures[check.measure]?.unit ?? ''
  const { component, measure, gate, onFailure, attempts } = check
  const threshold = readThreshold(check, unit)
  const seconds = { backoffSeconds: backoff, maxAgeSeconds: maxAge }
  return { id, component, measure, threshold, gate, onFailure, attempts, ...seconds }
}

function mapValues<From, To>(record: Record<string, From>, convert: (value: From, key: string) => To) {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, convert(value, key)]))
}

/** Without its comment: people compare keys, and so does the program. */
const bareKey = (key: string): string => key.split(' ').slice(0, 2).join(' ')

/** Optional fields that are omitted, not there and undefined: plans are compared and hashed. */
function withoutUndefined<Value extends object>(
  value: Value,
): { [Key in keyof Value]: Exclude<Value[Key], undefined> } {
  const fields = Object.entries(value).filter(([, field]) => field !== undefined)
  return Object.fromEntries(fields) as { [Key in keyof Value]: Exclude<Value[Key], undefined> }
}
