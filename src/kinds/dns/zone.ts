import type { ReadIo } from '../../model/io.ts'
import { primaryOf } from './providers.ts'
import { type PlannedRecord, recordsOf } from './records.ts'
import { addressOf, inWords, type View, viewOf } from './servers.ts'
import type { DnsSpec } from './spec.ts'

/** The zone at the server that takes the changes and at every server that gives answers; that one may be among these. */
export type Zone = { primary: View; servers: View[] }

/** One more look may find a transfer ended that the look before met on its way. */
const looks = 3

export async function lookAtZone(spec: DnsSpec, io: ReadIo, records = recordsOf(spec)): Promise<Zone> {
  const primary = primaryOf(spec)
  const isListed = spec.servers.some(server => addressOf(server) === addressOf(primary))
  const asked = isListed ? spec.servers : [...spec.servers, primary]
  const views = await Promise.all(asked.map(server => viewOf(server, spec.zone, records, io)))
  const found = views.find(({ server }) => server === addressOf(primary)) as View
  return { primary: found, servers: views.slice(0, spec.servers.length) }
}

/** The same, once what is on its way from the primary to the others has had a moment to arrive. */
export async function lookAtSettledZone(spec: DnsSpec, io: ReadIo): Promise<Zone> {
  for (let look = 1; ; look++) {
    const zone = await lookAtZone(spec, io)
    if (look === looks || !zone.servers.some(view => isElsewhere(view, zone.primary))) return zone
    await io.sleep(1)
  }
}

/** Answers, and does not hold the zone as the primary does. */
export const isElsewhere = (view: View, { serial }: View): boolean =>
  view.silence === undefined && serial !== undefined && view.serial !== serial

/** Serials go round (RFC 1982): behind by less than half the circle. No zone at all is behind every serial. */
export function isBehind(serial: number | undefined, other: number | undefined): boolean {
  if (other === undefined || serial === other) return false
  return serial === undefined || (other - serial) >>> 0 < 2 ** 31
}

/** "10.80.4.55:53: serial 7, 10.80.4.54:53 has 9"; for sentences of both languages. */
export function stepInWords(view: View, primary: View): string {
  if (view.silence !== undefined) return `${view.server}: (${view.silence})`
  const serial = view.serial === undefined ? `(${view.code ?? '-'})` : `SOA ${view.serial}`
  return `${view.server}: ${serial} ≠ ${primary.serial ?? '-'} (${primary.server})`
}

export const recordInWords = ({ view, record }: { view: View; record: PlannedRecord }): string =>
  `${view.server} ${record.key}: ${inWords(view, record)}`
