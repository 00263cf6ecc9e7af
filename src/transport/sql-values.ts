import type { CustomTypesConfig } from 'pg'
import pg from 'pg'
import { instantAt, millisecondsOf } from '../model/instant.ts'
import type { Json } from '../model/json.ts'

/** Values as JSON can hold them: what a double would round stays text, an instant is ISO, the rest is PostgreSQL's text. */
const scalars: Record<number, (text: string) => Json> = {
  16: text => text === 't',
  20: exactNumber, // int8
  21: Number,
  23: Number,
  26: Number, // oid
  114: text => JSON.parse(text) as Json,
  700: finiteNumber,
  701: finiteNumber,
  1184: instant,
  1700: exactNumber, // numeric
  3802: text => JSON.parse(text) as Json,
}
/** Array type → its element's type. */
const arrays: Record<number, number> = {
  199: 114,
  1000: 16,
  1003: 19, // name
  1005: 21,
  1007: 23,
  1009: 25, // text
  1015: 1043,
  1016: 20,
  1021: 700,
  1022: 701,
  1028: 26,
  1185: 1184,
  1231: 1700,
  2951: 2950, // uuid
  3807: 3802,
}

function exactNumber(text: string): Json {
  const number = Number(text)
  return String(number) === text && (!Number.isInteger(number) || Number.isSafeInteger(number))
    ? number
    : text
}
function finiteNumber(text: string): Json {
  const number = Number(text)
  return Number.isFinite(number) ? number : text
}
/** `infinity` and years before Christ stay text. */
function instant(text: string): Json {
  try {
    return instantAt(millisecondsOf(text))
  } catch {
    return text
  }
}

const asText = (text: string): Json => text
/** PostgreSQL's own array syntax, read by pg's parser for text arrays (1009), then each element by its type. */
const parseArray = pg.types.getTypeParser(1009 as never) as (text: string) => unknown[]

export const jsonTypes: CustomTypesConfig = {
  getTypeParser(oid: number) {
    const element = arrays[oid]
    if (element === undefined) return scalars[oid] ?? asText
    const parse = scalars[element] ?? asText
    return (text: string) => eachElement(parseArray(text), parse)
  },
}

function eachElement(value: unknown, parse: (text: string) => Json): Json {
  if (Array.isArray(value)) return value.map(item => eachElement(item, parse))
  return typeof value === 'string' ? parse(value) : null
}
