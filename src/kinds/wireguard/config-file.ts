import { Failure } from '../../model/failure.ts'
import type { ChangeIo, ReadIo } from '../../model/io.ts'
import { forget, keep, look, readKept, restore, write } from './commands.ts'
import type { Gateway } from './gateways.ts'

/** A configuration as it is at its host, its secrets left there; undefined: there is no file. */
export type Looked = { sha256: string; mode: string; owner: string; text: string }
/** What was there before a step: the file's SHA-256 or 'absent', and words kept with it. */
export type Kept = { sha256: string; words: string[] }

export async function lookAt(at: Gateway, io: ReadIo): Promise<Looked | undefined> {
  const { stdout } = await io.read(at.host.ssh, look(at.spec.configFile))
  const end = stdout.indexOf('\n')
  const [sha256 = '', mode = '', owner = ''] = stdout.slice(0, end).split(' ')
  if (sha256 === 'absent') return undefined
  return { sha256, mode, owner, text: stdout.slice(end + 1).replace(/\.\n$/, '') }
}

/** As lookAt, where there must be a file. */
export async function lookFor(at: Gateway, io: ReadIo): Promise<Looked> {
  const looked = await lookAt(at, io)
  if (looked) return looked
  throw new Failure({
    key: 'wireguard.config.missing',
    values: { host: at.host.ssh, file: at.spec.configFile, site: at.siteTitle },
  })
}

/** Keeps the file as it was before the step, once; what was kept first stays. */
export async function keepFor(step: string, at: Gateway, io: ChangeIo, words = ''): Promise<Kept> {
  const { stdout } = await io.change(at.host.ssh, keep(at.keptBy(step), at.spec.configFile, words))
  return readWords(stdout)
}

export async function keptFor(step: string, at: Gateway, io: ReadIo): Promise<Kept | undefined> {
  const { exitCode, stdout } = await io.read(at.host.ssh, readKept(at.keptBy(step)), { allowFailure: true })
  return exitCode === 0 ? readWords(stdout) : undefined
}

function readWords(line: string): Kept {
  const [sha256 = '', ...words] = line.trim().split(' ')
  return { sha256, words }
}

/**
 * Puts the text in the place of the file as it was looked at, the secrets of the old file filled in at the host. Gives the
 * new SHA-256. Throws Failure when someone else wrote meanwhile.
 */
export async function replace(
  step: string,
  at: Gateway,
  looked: Looked | undefined,
  text: string,
  io: ChangeIo,
): Promise<string> {
  const argv = write(at.spec.configFile, looked?.sha256 ?? 'absent', at.keptBy(step))
  const result = await io.change(at.host.ssh, argv, { input: `${text}.\n`, allowFailure: true })
  if (result.exitCode === 0) return result.stdout.trim()
  const values = { host: at.host.ssh, file: at.spec.configFile, detail: result.stderr.trim().slice(-300) }
  throw new Failure({
    key: result.exitCode === 3 ? 'wireguard.config.changedMeanwhile' : 'wireguard.config.notWritten',
    values,
  })
}

export type Restored = 'nothing-kept' | 'there' | 'restored' | 'changed'
/** Puts back what was kept. With `overOthers`, over what others wrote since too; theirs is then kept beside. */
export async function restoreFor(
  step: string,
  at: Gateway,
  io: ChangeIo,
  overOthers = false,
): Promise<Restored> {
  const argv = restore(at.keptBy(step), at.spec.configFile, overOthers)
  return (await io.change(at.host.ssh, argv)).stdout.trim() as Restored
}

export async function forgetFor(step: string, at: Gateway, io: ChangeIo): Promise<void> {
  await io.change(at.host.ssh, forget(at.keptBy(step)))
}
