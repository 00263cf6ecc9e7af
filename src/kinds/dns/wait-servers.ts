import type { ReadIo } from '../../model/io.ts'
import { notServed } from './failures.ts'
import type { PlannedRecord } from './records.ts'
import type { View } from './servers.ts'
import type { DnsSpec } from './spec.ts'
import { isBehind, lookAtZone, recordInWords, stepInWords, type Zone } from './zone.ts'

/** What is amiss in one look, in words; nothing: the wait is over. */
type Late = (zone: Zone) => string[]

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
      .map(view => stepInWords(view, primary)),
  )
  return until(spec, io, 'dns.servers.outOfStep', inStep)
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
      if (isSilent || (way === 'forth' && isBehind(view.serial, serial))) return [stepInWords(view, primary)]
      return missing(view).map(record => recordInWords({ view, record }))
    })
  })
  return until(spec, io, 'dns.servers.late', served)
}

/** Serials are compared with the primary's at the first look: one that changes all the time is not run after. */
function sinceFirstLook(late: (zone: Zone, serial: number | undefined) => string[]): Late {
  let serial: number | undefined
  return zone => {
    serial ??= zone.primary.serial
    return late(zone, serial)
  }
}

async function until(
  spec: DnsSpec,
  io: ReadIo,
  key: 'dns.servers.outOfStep' | 'dns.servers.late',
  lateIn: Late,
): Promise<void> {
  const end = Date.parse(io.now()) + spec.propagationSeconds * 1000
  for (let pauseSeconds = 0.05; ; pauseSeconds = Math.min(pauseSeconds * 1.5, 1)) {
    const late = lateIn(await lookAtZone(spec, io))
    if (late.length === 0) return
    if (Date.parse(io.now()) >= end) throw notServed(key, late, spec.propagationSeconds)
    await io.sleep(pauseSeconds)
  }
}
