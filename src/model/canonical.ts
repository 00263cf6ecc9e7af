import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'

/**
 * JSON as RFC 8785 has it, so that equal values give equal text and so equal hashes. Half a character, as where the output of
 * a program was cut, becomes U+FFFD: it must not end a run. Throws TypeError on what JSON cannot hold (undefined at the
 * top, functions, NaN, infinities).
 */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(JSON.parse(JSON.stringify(value, holdable) ?? refuse(typeof value)))
  return text ?? refuse(typeof value)
}

function holdable(_key: string, part: unknown): unknown {
  if (typeof part === 'number' && !Number.isFinite(part)) return refuse(String(part))
  if (['function', 'symbol', 'bigint'].includes(typeof part)) return refuse(typeof part)
  return typeof part === 'string' ? part.toWellFormed() : part
}

function refuse(what: string): never {
  throw new TypeError(`${what} cannot stand in canonical JSON`)
}

/** Lower-case hexadecimal SHA-256 of UTF-8 text. */
export function sha256Hex(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex')
}

/** As people read it out to each other: enough to tell plans and runbooks of one migration apart. */
export const shortHash = (hash: string): string => hash.slice(0, 8)
