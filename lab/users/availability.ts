import type { Entries } from './judge.ts'
import type { Outcome, Service } from './ledger.ts'

export type ServiceAvailability = {
  requests: number
  succeeded: number
  /** By kind, without `ok`. */
  failures: Partial<Record<Outcome, number>>
  wrongContent: number
  /** Of the requests that succeeded. */
  p95Milliseconds: number
}
export type Availability = {
  services: Partial<Record<Service, ServiceAvailability>>
  sessionsCarried: number
  sessionsLost: number
}

/** How the estate served its users over the whole ledger. */
export async function availability(entries: Entries): Promise<Availability> {
  const services = new Map<Service, ServiceAvailability & { times: number[] }>()
  let [sessionsCarried, sessionsLost] = [0, 0]
  for await (const entry of entries) {
    if (entry.kind === 'session-carried') sessionsCarried += 1
    if (entry.kind === 'session-lost') sessionsLost += 1
    if (entry.kind !== 'request') continue
    const service = services.get(entry.service) ?? { ...nothing(), times: [] }
    services.set(entry.service, service)
    service.requests += 1
    if (entry.outcome === 'ok') service.times.push(entry.milliseconds)
    else service.failures[entry.outcome] = (service.failures[entry.outcome] ?? 0) + 1
  }
  const finished = [...services].map(([service, { times, ...counted }]) => {
    const p95Milliseconds = times.sort((a, b) => a - b)[Math.ceil(times.length * 0.95) - 1] ?? 0
    const wrongContent = counted.failures['wrong-content'] ?? 0
    return [service, { ...counted, succeeded: times.length, wrongContent, p95Milliseconds }]
  })
  return { services: Object.fromEntries(finished), sessionsCarried, sessionsLost }
}

const nothing = (): ServiceAvailability => ({
  requests: 0,
  succeeded: 0,
  failures: {},
  wrongContent: 0,
  p95Milliseconds: 0,
})
