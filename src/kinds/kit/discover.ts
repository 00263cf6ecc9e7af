import { asked, type Draft, known, type Placed, type Records } from '../../model/discovery.ts'
import type { Json, JsonObject } from '../../model/json.ts'

/** Where it goes, or the question. */
export const targetHost = ({ target }: Placed): Draft =>
  'host' in target ? known(target.host.key) : asked({ key: 'kit.discover.host' }, target.candidates)

/** A reference for a secret that Bascule will need: the variable stands nowhere yet. */
export const secretOf = (id: string, what: string): Draft => ({
  is: `env:BASCULE_${`${id}_${what}`.replaceAll(/[^A-Za-z0-9]/g, '_').toUpperCase()}`,
  about: [{ key: 'kit.discover.secret' }],
})

/** The records of a name, without it. */
export const recordsNamed = (records: Records, name: string): string[][] =>
  records.flatMap(([first, ...rest]) => (first === name ? [rest] : []))

/** An object of JSON that a program printed; empty when it is none. */
export function objectIn(text = ''): JsonObject {
  try {
    const read: Json = JSON.parse(text)
    return typeof read === 'object' && read !== null && !Array.isArray(read) ? read : {}
  } catch {
    return {}
  }
}

/** `0.3 GB`, rounded up to a tenth: a size of nothing tells nothing. */
export const gigabytes = (bytes: number): string => `${Math.max(1, Math.ceil(bytes / 1e8)) / 10} GB`
