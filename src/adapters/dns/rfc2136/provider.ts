import type { CommandOptions, CommandResult, ReadIo } from '../../../model/io.ts'
import type { ChangeAnswer, DnsProvider, UpdateTarget } from '../provider.ts'
import { answerOf } from './answer.ts'
import { adding, expecting, nsupdate, replacing, script } from './commands.ts'

type Run = (argv: readonly string[], options: CommandOptions) => Promise<CommandResult>

/** Dynamic updates, each one message and so one act: all its prerequisites hold and all is done, or nothing is. */
export const rfc2136: DnsProvider = {
  // An UPDATE whose update section is empty: the server checks key and prerequisites and has nothing to do.
  ask: (update, zone, expected, io) => send(io.local, io, update, zone, expected.flatMap(expecting)),
  // Adding what is there already is silently ignored (RFC 2136, 3.4.2.2), but only after the right was checked.
  rehearse: (update, zone, current, io) =>
    send(io.changeLocal, io, update, zone, [...current.flatMap(expecting), ...current.flatMap(adding)]),
  change: (update, { zone, expected, wanted }, io) =>
    send(io.changeLocal, io, update, zone, [...expected.flatMap(expecting), ...wanted.flatMap(replacing)]),
}

async function send(
  run: Run,
  io: ReadIo,
  update: UpdateTarget,
  zone: string,
  lines: string[],
): Promise<ChangeAnswer> {
  const secret = (await io.secret(update.tsig.secret)).trim()
  const input = script(update, secret, zone, lines)
  return answerOf(await run(nsupdate, { input, allowFailure: true, timeoutSeconds: 30 }), secret)
}
