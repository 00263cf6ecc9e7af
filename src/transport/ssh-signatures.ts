import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa, execaSync } from 'execa'
import { Failure } from '../model/failure.ts'
import { lastLines } from './lines.ts'

/** Signatures of people, by OpenSSH: `ssh-keygen -Y`. A private key is used where it is, or by its agent, and never read. */

/** What a signature is for: one made for git, or for a login, says nothing here. */
const namespace = 'bascule'
/** Computing alone: no host, and no person, is waited for. Milliseconds. */
const checkLimit = 10_000
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
  const { stdout, stderr, failed } = await execa(
    'ssh-keygen',
    ['-Y', 'sign', '-n', namespace, '-f', keyFile],
    {
      ...options(),
      input: text,
      stripFinalNewline: false,
    },
  )
  if (!failed && stdout.includes('BEGIN SSH SIGNATURE')) return stdout
  const detail = lastLines(stderr ?? '', 1)
  throw new Failure(
    { key: 'transport.signature.failed', values: { file: keyFile, detail } },
    { remedy: { key: 'transport.signature.failed.remedy' } },
  )
}

/** Which of the public keys has signed the text; undefined: none of them, or the text, or the signature, is another. */
export function signerOf(text: string, signature: string, keys: readonly string[]): string | undefined {
  const directory = mkdtempSync(join(tmpdir(), 'bascule-signature-'))
  try {
    const [allowed, signed] = [join(directory, 'allowed'), join(directory, 'signature')]
    const principal = (index: number): string => `key-${index}`
    const lines = keys.map((key, index) => `${principal(index)} namespaces="${namespace}" ${bare(key)}\n`)
    writeFileSync(allowed, lines.join(''), { mode: 0o600 })
    writeFileSync(signed, signature, { mode: 0o600 })
    return keys.find((_, index) => {
      const argv = ['-Y', 'verify', '-n', namespace, '-f', allowed, '-I', principal(index), '-s', signed]
      return execaSync('ssh-keygen', argv, { ...options(), input: text, timeout: checkLimit }).exitCode === 0
    })
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** The public keys that the agent of this session holds; none where there is no agent. */
export async function agentKeys(): Promise<string[]> {
  const { stdout, exitCode } = await execa('ssh-add', ['-L'], { ...options(), timeout: checkLimit })
  return exitCode === 0 ? stdout.split('\n').filter(line => line !== '') : []
}

/** The public half of a private key. Throws Failure. */
export async function publicKeyOf(keyFile: string): Promise<string> {
  const { stdout, stderr, exitCode } = await execa('ssh-keygen', ['-y', '-f', keyFile], options())
  if (exitCode === 0) return stdout
  const detail = lastLines(stderr ?? '', 1)
  throw new Failure({ key: 'transport.signature.keyUnusable', values: { file: keyFile, detail } })
}

/** Type and body of a public key, which are all that counts of it. */
export const bare = (key: string): string => key.trim().split(/\s+/).slice(0, 2).join(' ')
