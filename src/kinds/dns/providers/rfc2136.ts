import { z } from 'zod'
import type { Argv, CommandOptions, CommandResult, ReadIo } from '../../../model/io.ts'
import { secretReference } from '../../kit/fields.ts'
import { dnsName, server as serverSpec } from '../fields.ts'
import { zoneFileData } from '../record-data.ts'
import type { ChangeAnswer, DnsProvider, RecordSet } from './provider.ts'

export const rfc2136Spec = z.strictObject({
  // optional() inside, so that a plan without `provider` is known for one of this provider.
  provider: z
    .literal('rfc2136')
    .optional()
    .default('rfc2136')
    .describe('How the zone is changed: dynamic updates, or the API of PowerDNS, OVH, Gandi or Cloudflare'),
  server: serverSpec.describe(
    'The primary. rfc2136: receives the updates. powerdns: shows API changes first; default: the first of `servers`',
  ),
  tsig: z
    .strictObject({
      name: dnsName.describe('Name of the key, as the server knows it'),
      algorithm: z
        .enum(['hmac-sha1', 'hmac-sha224', 'hmac-sha256', 'hmac-sha384', 'hmac-sha512'])
        .default('hmac-sha256'),
      secret: secretReference(),
    })
    .describe('rfc2136: the key that signs the updates'),
})
type Rfc2136Update = z.infer<typeof rfc2136Spec>

type Run = (argv: readonly string[], options: CommandOptions) => Promise<CommandResult>

/** Dynamic updates, each one message and so one act: all its prerequisites hold and all is done, or nothing is. */
export function rfc2136(update: Rfc2136Update): DnsProvider {
  const { server, tsig } = update
  return {
    capabilities: {
      atomic: 'server',
      prerequisites: 'server',
      publishes: 'at-once',
      minimumTtlSeconds: 0,
      secondsPerSet: 0,
      byHand: 'nsupdate',
    },
    names: zone => ({
      server: `${server.address}:${server.port}`,
      key: tsig.name,
      reference: tsig.secret,
      command: `dig @${server.address} -p ${server.port} ${zone} SOA`,
    }),
    primary: server,
    // The key signs; it is not sent.
    exposed: false,
    // An UPDATE whose update section is empty: the server checks key and prerequisites and has nothing to do.
    ask: (zone, expected, io) => send(io.local, io, update, zone, expected.flatMap(expecting)),
    // Adding what is there already is silently ignored (RFC 2136, 3.4.2.2), but only after the right was checked.
    rehearse: (zone, current, io) =>
      send(io.local, io, update, zone, [...current.flatMap(expecting), ...current.flatMap(adding)]),
    change: ({ zone, expected, wanted }, io) =>
      send(io.changeLocal, io, update, zone, [...expected.flatMap(expecting), ...wanted.flatMap(replacing)]),
  }
}

async function send(
  run: Run,
  io: ReadIo,
  update: Rfc2136Update,
  zone: string,
  lines: string[],
): Promise<ChangeAnswer> {
  const secret = (await io.secret(update.tsig.secret)).trim()
  const input = script(update, secret, zone, lines)
  return answerOf(await run(nsupdate, { input, allowFailure: true, timeoutSeconds: 30 }), secret)
}

/**
 * `-v`: over TCP. Over UDP nsupdate repeats what was not answered, and a repeated update finds its own
 * prerequisites broken. `-t`: seconds after which it gives up.
 */
export const nsupdate: Argv = ['nsupdate', '-v', '-t', '10']

/** What nsupdate reads on standard input, where the key is seen by nobody else. */
export function script(
  { server, tsig }: Pick<Rfc2136Update, 'server' | 'tsig'>,
  secret: string,
  zone: string,
  lines: string[],
): string {
  const all = [
    `server ${server.address} ${server.port}`,
    `zone ${zone}.`,
    `key ${tsig.algorithm}:${tsig.name} ${secret}`,
    ...lines,
    'send',
  ]
  // Every value is checked or escaped where it comes in; a line within a line would be signed as well.
  if (lines.some(line => /[\r\n]/.test(line))) throw new TypeError('a line for nsupdate holds a line break')
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

/** What nsupdate printed, as one code. The secret is cut out: nsupdate repeats a key it cannot read. */
export function answerOf({ exitCode, stdout, stderr }: CommandResult, secret: string): ChangeAnswer {
  const printed = `${stderr}\n${stdout}`.replaceAll(secret, '…')
  return { code: exitCode === 0 ? 'NOERROR' : codeOf(printed), detail: inOneLine(printed) }
}

/** nsupdate marks some of its lines with `;`. */
const inOneLine = (printed: string): string =>
  printed
    .split('\n')
    .map(line => line.replace(/^[;\s]+/, '').trim())
    .filter(Boolean)
    .join('; ')

function codeOf(printed: string): string {
  // "update failed: NXRRSET", "update failed: NOTAUTH(BADKEY)"
  const [, code, tsigCode] = /update failed: ([A-Z]+)(?:\(([A-Z]+)\))?/.exec(printed) ?? []
  if (code) return tsigCode ?? code
  if (/could not create key|bad base64|syntax error/.test(printed)) return 'BADSECRET'
  if (/Communication with|timed out|connection refused|could not reach|unreachable/i.test(printed))
    return 'SILENT'
  return 'UNKNOWN'
}
