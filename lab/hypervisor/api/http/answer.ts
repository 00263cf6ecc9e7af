import { Refusal } from '../../machines/refusal.ts'
import type { Json } from '../../machines/types.ts'

export type Format = 'json' | 'extjs'
export type Answer = {
  status: number
  /** What stands beside the status in the first line: the first line of what PVE says. */
  reason: string
  body: string
  contentType?: string
}

export function success(format: Format, data: Json | undefined, total?: number): Answer {
  const body = {
    data: data ?? null,
    ...(format === 'extjs' ? { success: 1 } : {}),
    ...(total ? { total } : {}),
  }
  return { status: 200, reason: 'OK', body: JSON.stringify(body) }
}

/** `extjs` is what PVE's own pages ask for: always 200, the outcome inside. */
export function failure(format: Format, error: unknown): Answer {
  const { status, message, errors } = described(error)
  const body = { data: null, message, ...(errors ? { errors } : {}) }
  if (format === 'extjs')
    return { status: 200, reason: 'OK', body: JSON.stringify({ ...body, status, success: 0 }) }
  return { status, reason: firstLine(message), body: JSON.stringify(body) }
}

/** PVE's sentences end in a newline, but for the one of a method that does not exist. */
function described(error: unknown): { status: number; message: string; errors?: Record<string, string> } {
  if (!(error instanceof Refusal)) {
    const message = error instanceof Error ? error.message : String(error)
    return { status: 500, message: `${message}\n` }
  }
  const message = error.status === 501 ? error.reason : `${error.reason.trimEnd()}\n`
  return { status: error.status, message, ...(error.errors ? { errors: error.errors } : {}) }
}

/** A reason may hold no control characters and nothing beyond Latin-1. */
export const firstLine = (message: string): string =>
  (message.split('\n')[0] ?? '').replace(/[^\t\x20-\x7e\x80-\xff]/g, '?')
