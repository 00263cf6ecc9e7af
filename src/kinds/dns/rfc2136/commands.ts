import type { Argv } from '../../../model/io.ts'
import { zoneFileData } from '../data.ts'
import type { ServerAddress } from '../fields.ts'
import type { RecordSet } from '../provider.ts'

type Signed = { server: ServerAddress; tsig: { name: string; algorithm: string } }

/**
 * `-v`: over TCP. Over UDP nsupdate repeats what was not answered, and a repeated update finds its own
 * prerequisites broken. `-t`: seconds after which it gives up.
 */
export const nsupdate: Argv = ['nsupdate', '-v', '-t', '10']

/** What nsupdate reads on standard input, where the key is seen by nobody else. */
export function script(update: Signed, secret: string, zone: string, lines: string[]): string {
  const { server, tsig } = update
  const all = [
    `server ${server.address} ${server.port}`,
    `zone ${zone}.`,
    `key ${tsig.algorithm}:${tsig.name} ${secret}`,
    ...lines,
    'send',
  ]
  return `${all.join('\n')}\n`
}

/** The set must hold exactly these data, or not be there; its TTL does not matter (RFC 2136, 2.4). */
export const expecting = ({ name, type, data }: RecordSet): string[] =>
  data.length === 0
    ? [`prereq nxrrset ${name}. ${type}`]
    : data.map(value => `prereq yxrrset ${name}. ${type} ${zoneFileData(type, value)}`)

export const adding = ({ name, type, data, ttlSeconds }: RecordSet): string[] =>
  data.map(value => `update add ${name}. ${ttlSeconds} ${type} ${zoneFileData(type, value)}`)

/** Deleted whole and added anew: adding alone would leave the old data beside the new. */
export const replacing = (set: RecordSet): string[] => [
  `update delete ${set.name}. ${set.type}`,
  ...adding(set),
]
