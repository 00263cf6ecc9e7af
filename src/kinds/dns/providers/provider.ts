import type { ChangeIo, ReadIo } from '../../../model/io.ts'
import type { Text } from '../../../model/text.ts'
import type { ServerAddress } from '../fields.ts'

/** `name` absolute without the final dot, data as `DnsRecord.data`. The TTL is of the whole set. No data: it is not there. */
export type RecordSet = { name: string; type: string; ttlSeconds: number; data: string[] }

/**
 * `expected`: what must still be so (data only), or nothing of it is done. `wanted` takes its place, set by set in the
 * same order.
 */
export type ZoneChange = { zone: string; expected: RecordSet[]; wanted: RecordSet[] }

/**
 * `code` is NOERROR, a DNS or TSIG error by its name (NXRRSET, REFUSED, BADKEY…), SILENT, BADSECRET, or one of
 * `http.ts`.
 */
export type ChangeAnswer = { code: string; detail: string }

/** How providers differ. Nobody asks for a provider's name. */
export type ProviderCapabilities = {
  /**
   * `server`: a change of several sets is one act. `staged`: set by set, and served all together at the end. `none`: set by
   * set, each served at once, so that a failure half-way leaves some changed for all to see.
   */
  atomic: 'server' | 'staged' | 'none'
  /** Who sees that a record is no longer as expected: the server in the same act, or this program, just before it. */
  prerequisites: 'server' | 'compared-before'
  /**
   * `later`: what the authoritative servers say may lag behind what the provider holds, so that the provider itself is
   * asked what is left to do, and it leaves alone what is as wanted.
   */
  publishes: 'at-once' | 'later'
  /** Lower ones are refused. */
  minimumTtlSeconds: number
  /** How long each set takes beside the change itself, where it is asked for and written by itself. */
  secondsPerSet: number
  /** What a person would take to do by hand what a step did. */
  byHand: 'nsupdate' | 'console'
}

/** For sentences. `reference` is where the secret is; `command` shows a person what the provider holds. */
export type ProviderNames = { server: string; key: string; reference: string; command: string }

/** A way to change a zone: one function of a driver makes it from the plan's `update`. */
export type DnsProvider = {
  capabilities: ProviderCapabilities
  /** Says that it has never run against the real service. */
  unproven?: Text
  names(zone: string): ProviderNames
  /** The server that shows a change first; undefined: the first of `servers`. */
  primary: ServerAddress | undefined
  /** The credential would travel through a network in the clear. */
  exposed: boolean
  /** Whether a change that expects this would be let in. Changes nothing, and cannot. */
  ask(zone: string, expected: RecordSet[], io: ReadIo): Promise<ChangeAnswer>
  /**
   * The same, and where reading does not prove it, writes the records as they are already, so that the right to write
   * each is proven too. It changes nothing, hence the io that reads.
   */
  rehearse(zone: string, current: RecordSet[], io: ReadIo): Promise<ChangeAnswer>
  /** May be called again after any failure, and then finishes what is left. */
  change(change: ZoneChange, io: ChangeIo): Promise<ChangeAnswer>
}
