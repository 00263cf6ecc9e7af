import type { ChangeIo, ReadIo } from '../../model/io.ts'

/** Where updates go, and the key that lets them in; `secret` is a reference. */
export type UpdateTarget = {
  server: { address: string; port: number }
  tsig: { name: string; algorithm: string; secret: string }
}

/** `name` absolute without the final dot. The TTL is of the whole set. */
export type RecordSet = { name: string; type: string; ttlSeconds: number; data: string[] }

/** `expected`: what must still be so (data only), or nothing of it is done. `wanted` takes its place. */
type ZoneChange = { zone: string; expected: RecordSet[]; wanted: RecordSet[] }

/** `code` is NOERROR, a DNS or TSIG error by its name (NXRRSET, REFUSED, BADKEY…), SILENT, or BADSECRET. */
export type ChangeAnswer = { code: string; detail: string }

/** A way to change a zone. Another one is another entry of `providers.ts`. */
export type DnsProvider = {
  /** Whether a change that expects this would be let in. Changes nothing, and cannot. */
  ask(update: UpdateTarget, zone: string, expected: RecordSet[], io: ReadIo): Promise<ChangeAnswer>
  /** The same, and writes the records as they are already, so that the right to write each is proven too. */
  rehearse(update: UpdateTarget, zone: string, current: RecordSet[], io: ChangeIo): Promise<ChangeAnswer>
  /** All or nothing. */
  change(update: UpdateTarget, change: ZoneChange, io: ChangeIo): Promise<ChangeAnswer>
}
