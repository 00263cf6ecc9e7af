import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa, execaSync, type SyncResult } from 'execa'
import { Failure } from '../model/failure.ts'
import { systemReason } from '../model/system-error.ts'
import type { Text } from '../model/text.ts'
import { lastLines } from './lines.ts'

/** Signatures of people, by OpenSSH: `ssh-keygen -Y`. A private key is used where it is, or by its agent, and never read. */

/** What a signature is for: one made for git, or for a login, says nothing here. */
const namespace = 'bascule'
/** Computing alone: no host, and no person, is waited for. Milliseconds. */
const checkLimit = 10_000
/** As ssh-keygen ends when the signature is not of that key. Any other failure says nothing about it. */
const notOfThatKey = 255
/** What OpenSSH needs to find the agent and to ask for a passphrase; the rest of the environment may hold secrets of the plan. */
const passed = [
  'PATH',
  'HOME',
  'SSH_AUTH_SOCK',
  'SSH_ASKPASS',
  'SSH_ASKPASS_REQUIRE',
  'DISPLAY',
  'TERM',
  'LANG',
]
const options = () =>
  ({
    extendEnv: false,
    env: Object.fromEntries(passed.flatMap(name => (process.env[name] ? [[name, process.env[name]]] : []))),
    reject: false,
  }) as const

/**
 * The armoured signature of a text. `keyFile`: a private key, or a public one whose private half the agent has; a passphrase is asked at
 * the terminal by OpenSSH. Throws Failure.
 */
export async function signText(text: string, keyFile: string): Promise<string> {
  const argv = ['-Y', 'sign', '-n', namespace, '-f', keyFile]
  const ended = await execa('ssh-keygen', argv, { ...options(), input: text, stripFinalNewline: false })
  refuseUnended(ended, checkLimit)
  const { stdout, stderr, failed } = ended
  if (!failed && stdout.includes('BEGIN SSH SIGNATURE')) return stdout
  const detail = lastLines(stderr ?? '', 1)
  throw new Failure(
    { key: 'transport.signature.failed', values: { file: keyFile, detail } },
    { remedy: { key: 'transport.signature.failed.remedy' } },
  )
}

/**
 * Which of the public keys has signed the text; undefined: none of them, or the text, or the signature, is another. Throws Failure when
 * ssh-keygen did not judge it: then nobody knows.
 */
export function signerOf(
  text: string,
  signature: string,
  keys: readonly string[],
  limitMilliseconds = checkLimit,
): string | undefined {
  try {
    return verify(text, signature, keys, limitMilliseconds)
  } catch (cause) {
    throw cause instanceof Failure ? cause : unchecked(systemReason(cause), cause)
  }
}

function verify(text: string, signature: string, keys: readonly string[], timeout: number) {
  const directory = mkdtempSync(join(tmpdir(), 'bascule-signature-'))
  try {
    const [allowed, signed] = [join(directory, 'allowed'), join(directory, 'signature')]
    const principal = (index: number): string => `key-${index}`
    const lines = keys.map((key, index) => `${principal(index)} namespaces="${namespace}" ${bare(key)}\n`)
    writeFileSync(allowed, lines.join(''), { mode: 0o600 })
    writeFileSync(signed, signature, { mode: 0o600 })
    return keys.find((_, index) => {
      const argv = ['-Y', 'verify', '-n', namespace, '-f', allowed, '-I', principal(index), '-s', signed]
      // a pipe that something else holds open would outlast the limit
      const quiet = { stdout: 'ignore', stderr: 'ignore', killSignal: 'SIGKILL' } as const
      const ended = execaSync('ssh-keygen', argv, { ...options(), ...quiet, input: text, timeout })
      refuseUnended(ended, timeout)
      if (ended.exitCode !== 0 && ended.exitCode !== notOfThatKey) throw unchecked(`exit ${ended.exitCode}`)
      return ended.exitCode === 0
    })
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

type Ended = Pick<SyncResult, 'exitCode' | 'code' | 'signal' | 'timedOut'>

/** A program that has no exit code has not run, or not to its end. */
function refuseUnended({ exitCode, code, signal, timedOut }: Ended, limitMilliseconds: number): void {
  if (exitCode !== undefined) return
  if (code === 'ENOENT') throw new Failure({ key: 'transport.signature.missing' }, { remedy })
  if (!timedOut) throw unchecked(code ?? signal ?? '')
  const values = { seconds: limitMilliseconds / 1000 }
  throw new Failure({ key: 'transport.signature.timedOut', values }, { remedy })
}

const remedy: Text = { key: 'transport.signature.remedy' }
const unchecked = (detail: Text | string, cause?: unknown): Failure =>
  new Failure({ key: 'transport.signature.unchecked', values: { detail } }, { remedy, cause })

/** The public keys that the agent of this session holds; none where there is no agent. */
export async function agentKeys(): Promise<string[]> {
  const { stdout, exitCode } = await execa('ssh-add', ['-L'], { ...options(), timeout: checkLimit })
  return exitCode === 0 ? stdout.split('\n').filter(line => line !== '') : []
}

/** The public half of a private key. Throws Failure. */
export async function publicKeyOf(keyFile: string): Promise<string> {
  const ended = await execa('ssh-keygen', ['-y', '-f', keyFile], options())
  refuseUnended(ended, checkLimit)
  const { stdout, stderr, exitCode } = ended
  if (exitCode === 0) return stdout
  const detail = lastLines(stderr ?? '', 1)
  throw new Failure({ key: 'transport.signature.keyUnusable', values: { file: keyFile, detail } })
}

/** Type and body of a public key, which are all that counts of it. */
export const bare = (key: string): string => key.trim().split(/\s+/).slice(0, 2).join(' ')
