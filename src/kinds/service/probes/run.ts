import type { HttpResponse, ReadIo } from '../../../model/io.ts'
import type { Json, JsonObject } from '../../../model/json.ts'
import type { SiteSide } from '../../../model/plan.ts'
import type { RoleLookup } from '../../../model/roles.ts'
import type { Text } from '../../../model/text.ts'
import { deepestMessage } from '../../kit/cause.ts'
import type { HttpServiceSpec } from '../modelled.ts'
import type { ProbeSpec } from '../probe-spec.ts'
import { fill, fillJson, follow, MissingValue, type Values } from './values.ts'

export type ProbeFailure = { probe: string; request: string; why: Text }
export type ProbeReport = {
  sent: number
  failures: ProbeFailure[]
  slowestMilliseconds: number
  values: Values
}

/** What the plan asks for cannot be asked. */
class ProbeError extends Error {
  readonly text: Text
  constructor(text: Text) {
    super(text.key)
    this.name = 'ProbeError'
    this.text = text
  }
}

/** Requests of one `each` that are under way together: enough to be quick, too few to be a load. */
const together = 8

/**
 * Sends a component's functional requests to one site, in order, each to the service's own url.
 * A request that fails does not end the others; one that needs what could not be captured fails with it.
 * `until` ends early, once these names are captured.
 */
export async function runProbes(
  { spec, roles }: { spec: HttpServiceSpec; roles: RoleLookup },
  side: SiteSide,
  io: ReadIo,
  until?: ReadonlySet<string>,
): Promise<ProbeReport> {
  const { probes, secrets } = spec
  const secret: JsonObject = {}
  for (const [name, reference] of Object.entries(secrets)) secret[name] = (await io.secret(reference)).trim()
  const report: ProbeReport = { sent: 0, failures: [], slowestMilliseconds: 0, values: { secret } }
  for (const probe of probes) {
    if (until && [...until].every(name => Object.hasOwn(report.values, name))) break
    await runProbe(probe, baseOf(probe, spec, roles, side), report, io)
  }
  return report
}

async function runProbe(probe: ProbeSpec, base: Base, report: ProbeReport, io: ReadIo): Promise<void> {
  const captured: JsonObject[] = []
  let items: Values[]
  try {
    items = itemsOf(probe, report.values)
  } catch (error) {
    report.failures.push({
      probe: probe.name,
      request: `${probe.method} ${probe.path}`,
      why: whyOf(error),
    })
    return
  }
  for (let from = 0; from < items.length; from += together) {
    io.signal.throwIfAborted()
    const answers = await Promise.all(
      items.slice(from, from + together).map(values => ask(probe, base, values, report, io)),
    )
    captured.push(...answers.filter(answer => answer !== undefined))
    io.report({
      itemsDone: Math.min(from + together, items.length),
      itemsTotal: items.length,
      note: probe.name,
    })
  }
  for (const name of Object.keys(probe.capture ?? {})) {
    const parts = captured.flatMap(values => (Object.hasOwn(values, name) ? [values[name] as Json] : []))
    if (probe.each) report.values[name] = parts.flat()
    else if (parts[0] !== undefined) report.values[name] = parts[0]
  }
}

/** One request: what it captured, or undefined when it failed (the report then says why). */
async function ask(
  probe: ProbeSpec,
  base: Base,
  values: Values,
  report: ProbeReport,
  io: ReadIo,
): Promise<JsonObject | undefined> {
  let request = `${probe.method} ${probe.path}`
  const fail = (why: Text) => {
    report.failures.push({ probe: probe.name, request, why })
    return undefined
  }
  try {
    const path = withinService(fill(probe.path, values), base)
    request = `${probe.method} ${path}`
    const filled = {
      method: probe.method,
      url: base.url + path,
      headers: headersOf(probe, values),
      ...(probe.json !== undefined && { body: JSON.stringify(fillJson(probe.json, values)) }),
      timeoutSeconds: probe.timeoutSeconds,
    }
    report.sent += 1
    const answer = await io.http(filled)
    report.slowestMilliseconds = Math.max(report.slowestMilliseconds, answer.milliseconds)
    const body = jsonBody(answer)
    const why = misses(probe.expect, answer, body, values)
    return why === undefined ? capture(probe, body, fail) : fail(why)
  } catch (error) {
    io.signal.throwIfAborted()
    return fail(whyOf(error))
  }
}

/** What a host or a server said, in its own words. */
export const seen = (said: string): Text => ({ key: 'service.measured.seen', values: { said } })

const whyOf = (error: unknown): Text => {
  if (error instanceof MissingValue)
    return { key: 'service.probe.noValue', values: { reference: error.reference } }
  return error instanceof ProbeError ? error.text : seen(deepestMessage(error))
}

function capture(probe: ProbeSpec, body: Json | undefined, fail: (why: Text) => undefined) {
  const values: JsonObject = {}
  for (const [name, pointer] of Object.entries(probe.capture ?? {})) {
    const found = follow(body, pointer)
    if (found === undefined)
      return fail({ key: 'service.probe.notCaptured', values: { pointer: pointer || '/', name } })
    values[name] = found
  }
  return values
}

function itemsOf(probe: ProbeSpec, values: Values): Values[] {
  const [[name, list] = []] = Object.entries(probe.each ?? {})
  if (name === undefined || list === undefined) return [values]
  const [from = '', ...pointer] = list.split('/')
  const items = follow(values[from], pointer.length > 0 ? `/${pointer.join('/')}` : '')
  if (items === undefined) throw new MissingValue(list)
  if (!Array.isArray(items)) throw new ProbeError({ key: 'service.probe.notAList', values: { list } })
  return items.map(item => ({ ...values, [name]: item }))
}

type Base = { url: string; publicUrl: string }

function baseOf(probe: ProbeSpec, spec: HttpServiceSpec, roles: RoleLookup, side: SiteSide): Base {
  if (probe.component === undefined) return { url: spec[side].url, publicUrl: spec.publicUrl }
  const asked = roles('probed').find(({ component }) => component === probe.component)?.value
  if (!asked)
    throw new ProbeError({ key: 'service.probe.noComponent', values: { component: probe.component } })
  return { url: asked[side], publicUrl: asked.publicUrl }
}

function headersOf(probe: ProbeSpec, values: Values): Record<string, string> {
  const own = Object.entries(probe.headers ?? {}).map(([name, value]) => [
    name.toLowerCase(),
    fill(value, values),
  ])
  return {
    ...(probe.json !== undefined && { 'content-type': 'application/json' }),
    ...Object.fromEntries(own),
  }
}

/** A captured link may name the public URL; it is then asked at the site under test. */
function withinService(path: string, base: Base): string {
  if (path.startsWith('/')) return path
  if (URL.canParse(path)) {
    const link = new URL(path)
    if (link.origin === new URL(base.publicUrl).origin) return link.pathname + link.search
  }
  throw new ProbeError({ key: 'service.probe.outside', values: { url: base.publicUrl, path } })
}

/** Why an answer is not what the probe expects, in a few words; undefined when it is. Never quotes the body. */
function misses(
  expected: ProbeSpec['expect'],
  answer: HttpResponse,
  body: Json | undefined,
  values: Values,
): Text | undefined {
  if (answer.status !== expected.status)
    return { key: 'service.probe.status', values: { found: answer.status, expected: expected.status } }
  if (expected.text !== undefined && !decode(answer).includes(fill(expected.text, values)))
    return { key: 'service.probe.text', values: { text: expected.text } }
  if ((expected.json || expected.present) && body === undefined) return { key: 'service.probe.notJson' }
  for (const [pointer, wanted] of Object.entries(expected.json ?? {}))
    if (!same(follow(body, pointer), fillJson(wanted, values)))
      return { key: 'service.probe.value', values: { pointer, wanted: JSON.stringify(wanted) } }
  for (const pointer of expected.present ?? [])
    if (isEmpty(follow(body, pointer)))
      return { key: 'service.probe.empty', values: { pointer: pointer || '/' } }
  return undefined
}

/** The body as JSON, or undefined when it is not. */
function jsonBody(answer: HttpResponse): Json | undefined {
  try {
    return JSON.parse(decode(answer)) as Json
  } catch {
    return undefined
  }
}

const decode = (answer: HttpResponse) => new TextDecoder().decode(answer.body)
const isEmpty = (value: Json | undefined) =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
/** An id that is a number in one answer and part of a path in another is the same id. */
const same = (found: Json | undefined, wanted: Json) =>
  found === wanted ||
  (found !== undefined && found !== null && typeof found !== 'object' && String(found) === String(wanted))
