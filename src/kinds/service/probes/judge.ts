import type { HttpResponse } from '../../../model/io.ts'
import type { Json } from '../../../model/json.ts'
import type { ProbeSpec } from './spec.ts'
import { fill, fillJson, follow, type Values } from './values.ts'

/** Why an answer is not what the probe expects, in a few words; undefined when it is. Never quotes the body. */
export function misses(
  expected: ProbeSpec['expect'],
  answer: HttpResponse,
  body: Json | undefined,
  values: Values,
): string | undefined {
  if (answer.status !== expected.status) return `status ${answer.status}, expected ${expected.status}`
  if (expected.text !== undefined && !decode(answer).includes(fill(expected.text, values)))
    return `text not found: ${expected.text}`
  if ((expected.json || expected.present) && body === undefined) return 'body is not JSON'
  for (const [pointer, wanted] of Object.entries(expected.json ?? {}))
    if (!same(follow(body, pointer), fillJson(wanted, values)))
      return `${pointer} is not ${JSON.stringify(wanted)}`
  for (const pointer of expected.present ?? [])
    if (isEmpty(follow(body, pointer))) return `${pointer || 'body'} is missing or empty`
  return undefined
}

/** The body as JSON, or undefined when it is not. */
export function jsonBody(answer: HttpResponse): Json | undefined {
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
