import type { ChangeIo, ReadIo } from '../../model/io.ts'
import { sync } from './commands.ts'
import { parseConfig } from './config/parse.ts'
import { lookFor } from './config-file.ts'
import type { Gateway } from './gateways.ts'
import { liveAt } from './interface.ts'
import { publicKeyOf } from './keys.ts'

/** Public key of the client with which the tunnels are tried. */
export const testKeyOf = async ({ spec, component }: Gateway, io: ReadIo): Promise<string> =>
  publicKeyOf(await io.secret(spec.test.privateKey), `${component}.test.privateKey`)

/** The running interface lets in, of the file's peers, the test client alone. The file stays. */
export async function admitTestClientOnly(at: Gateway, io: ChangeIo): Promise<void> {
  const key = await testKeyOf(at, io)
  await io.change(at.host.ssh, sync(at.spec.interface, at.spec.configFile, key))
}

/** Nobody else may come in now: an attempt that was cut short after a start has let in every peer of the file. */
export async function admitsTestClientOnly(at: Gateway, io: ReadIo): Promise<boolean> {
  const key = await testKeyOf(at, io)
  const live = await liveAt(at, io)
  return live?.peers.every(({ publicKey }) => publicKey === key) ?? false
}

/** The running interface lets in every peer of the file; those that it knows already keep their sessions. */
export async function admitAll(at: Gateway, io: ChangeIo): Promise<void> {
  await io.change(at.host.ssh, sync(at.spec.interface, at.spec.configFile))
}

/** Every peer of the file may come in now. */
export async function admitsAll(at: Gateway, io: ReadIo): Promise<boolean> {
  const { peers } = parseConfig((await lookFor(at, io)).text)
  const live = await liveAt(at, io)
  const known = new Set(live?.peers.map(({ publicKey }) => publicKey))
  return live !== undefined && peers.every(({ publicKey }) => known.has(publicKey))
}
