import { Failure } from '../../model/failure.ts'
import type { ReadIo } from '../../model/io.ts'
import { until } from '../kit/until.ts'
import { optionalServers } from './left-out.ts'
import type { DnsSpec, PlannedRecord } from './spec.ts'
import { isBehind, lookAtZone, recordInWords, stepInWords, type View, type Zone } from './zone.ts'

/** What is amiss in one look, server by server, in words; nothing: the wait is over. */
type Late = (zone: Zone) => LateServer[]
type LateServer = { view: View; words: string }

/**
 * Until every authoritative server answers and follows the primary: a change must not leave for some users only. Throws Failure
 * with the servers' names and serials.
 */
export function untilInStep(spec: DnsSpec, io: ReadIo): Promise<void> {
  const inStep = sinceFirstLook(({ primary, servers }, serial) =>
    servers
      .filter(view => {
        if (view.silence !== undefined) return true
        // Ahead of the primary, it never takes the zone again: it waits for a serial still to come.
        return isBehind(view.serial, serial) || isBehind(primary.serial, view.serial)
      })
      .map(view => ({ view, words: stepInWords(view, primary) })),
  )
  return noneLate(spec, io, inStep, 'dns.servers.outOfStep')
}

/**
 * Until every authoritative server, and the primary, has taken the zone as it is now and misses nothing. On the way back a server
 * that is silent is not waited for, nor one that misses nothing though it has not the zone's last serial.
 */
export function untilServed(
  spec: DnsSpec,
  io: ReadIo,
  missing: (view: View) => PlannedRecord[],
  { way }: { way: 'forth' | 'back' } = { way: 'forth' },
): Promise<void> {
  const served = sinceFirstLook(({ primary, servers }, serial) => {
    const others = servers.filter(({ server }) => server !== primary.server)
    return [primary, ...others].flatMap(view => {
      const isSilent = view.silence !== undefined
      if (way === 'back' && isSilent && view !== primary) return []
      if (isSilent || (way === 'forth' && isBehind(view.serial, serial)))
        return [{ view, words: stepInWords(view, primary) }]
      return missing(view).map(record => ({ view, words: recordInWords({ view, record }) }))
    })
  })
  return noneLate(spec, io, served, 'dns.servers.late')
}

/** Serials are compared with the primary's at the first look: one that changes all the time is not run after. */
function sinceFirstLook(late: (zone: Zone, serial: number | undefined) => LateServer[]): Late {
  let serial: number | undefined
  return zone => {
    serial ??= zone.primary.serial
    return late(zone, serial)
  }
}

function noneLate(spec: DnsSpec, io: ReadIo, lateIn: Late, key: NotServed): Promise<void> {
  const look = async () => {
    const late = lateIn(await lookAtZone(spec, io))
    return late.length === 0 ? { done: undefined } : { waiting: late }
  }
  const seconds = spec.propagationSeconds
  const otherwise = (late: LateServer[]) => {
    const words = late.map(one => one.words)
    return notServed(key, words, seconds, silentOptional(spec, late))
  }
  return until(io, look, { seconds, otherwise })
}

/** The late servers that the zone can do without, if all of them are silent: one that answers leads its users elsewhere. */
function silentOptional(spec: DnsSpec, late: LateServer[]): string[] {
  const optional = new Set(optionalServers(spec).map(({ part }) => part))
  const servers = [...new Set(late.map(({ view }) => view))]
  const mayGo = servers.every(({ server, silence }) => silence !== undefined && optional.has(server))
  return mayGo ? servers.map(({ server }) => server) : []
}

const remedies = {
  'dns.servers.late': 'dns.servers.late.remedy',
  'dns.servers.outOfStep': 'dns.servers.outOfStep.remedy',
  'dns.resolvers.late': 'dns.resolvers.late.remedy',
  'dns.server.silent': 'dns.server.silent.remedy',
} as const
type NotServed = keyof typeof remedies

/** Servers that do not serve what they should, after the time they had. `late`: each in words. */
export function notServed(key: NotServed, late: string[], seconds: number, leaveOut: string[] = []): Failure {
  const values = { seconds, servers: late.slice(0, 10).join('; ') }
  const remedy = { key: remedies[key], values }
  return new Failure({ key, values }, { remedy, ...(leaveOut.length > 0 && { leaveOut }) })
}
