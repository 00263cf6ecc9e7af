import type { Facts } from '../../model/fact.ts'
import type { JsonObject } from '../../model/json.ts'
import type { Component } from '../../model/plan.ts'
import { recordsOf } from './records.ts'
import { parseSpec } from './spec.ts'

/** TTL in seconds by record key. */
export type Ttls = Record<string, number>

/** What the lowering leaves in its result. `loweredAt`: ISO instant from which no server gives the old TTL any more. */
export type Lowering = { originals: Ttls; loweredAt: string; oldTtlSeconds: number }

/** TTLs as the audit saw them: the highest of all servers, since any of them may have filled a cache. */
export const auditedTtls = (facts: Facts): Ttls => (facts.ttlByRecord?.value ?? {}) as Ttls

/**
 * The TTLs to come back to. Each is the first of these that is not a lowered one: what was seen just before the
 * change, what the audit saw, what an earlier lowering kept.
 */
export function originalTtls(component: Component, seen: Ttls, audited: Ttls, kept: Ttls): Ttls {
  const spec = parseSpec(component.spec)
  // One that is not there before the switch has no TTL to come back to.
  const there = recordsOf(spec).filter(({ source }) => source.length > 0)
  const ttls = there.map(({ key }) => {
    const known = [seen[key], audited[key], kept[key]].filter(ttl => ttl !== undefined)
    return [key, known.find(ttl => ttl > spec.lowTtlSeconds) ?? known[0] ?? spec.lowTtlSeconds] as const
  })
  return Object.fromEntries(ttls)
}

/** The lowering of this migration, when its result was recorded. */
export function loweringOf(component: Component, results: Record<string, JsonObject>): Lowering | undefined {
  const result = results[`${component.id}.lower-ttl`]
  return result && (result as unknown as Lowering)
}

/** The instant after which no cache holds a record with its old TTL, in milliseconds. */
export const oldTtlGoneAt = ({ loweredAt, oldTtlSeconds }: Lowering): number =>
  Date.parse(loweredAt) + oldTtlSeconds * 1000

/** Until when the wait for the old TTL had to last, as it was told by its end; 0 when it was not. In milliseconds. */
export function waitedUntil(component: Component, results: Record<string, JsonObject>): number {
  const goneAt = results[`${component.id}.wait-old-ttl`]?.goneAt
  return typeof goneAt === 'string' ? Date.parse(goneAt) : 0
}

export const highest = (ttls: Ttls): number => Math.max(0, ...Object.values(ttls))
