import type { CommandOptions, CommandResult, ReadIo } from '../../../model/io.ts'
import type { ChangeAnswer, DnsProvider } from '../provider.ts'
import { answerOf } from './answer.ts'
import { adding, expecting, nsupdate, replacing, script } from './commands.ts'
import type { Rfc2136Update } from './spec.ts'

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
      provenAgainst: 'real-server',
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
      send(io.changeLocal, io, update, zone, [...current.flatMap(expecting), ...current.flatMap(adding)]),
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
