import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { Failure } from '../../src/model/failure.ts'
import { publicKeyOf, signerOf, signText } from '../../src/transport/ssh-signatures.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

const home = temporaryFolder('signatures')
const key = 'ssh-ed25519 AAAA claire@example.org'
const signed = (milliseconds?: number) => signerOf('a text', 'a signature', [key], milliseconds)

afterEach(() => {
  vi.unstubAllEnvs()
})

/** The first on the path, in place of OpenSSH's; undefined: there is none. */
function withKeygen(script: string | undefined): void {
  const folder = mkdtempSync(join(home, 'path-'))
  if (script === undefined) return void vi.stubEnv('PATH', folder)
  writeFileSync(join(folder, 'ssh-keygen'), `#!/bin/sh\n${script}\n`)
  chmodSync(join(folder, 'ssh-keygen'), 0o755)
  vi.stubEnv('PATH', `${folder}:${process.env.PATH}`)
}

async function thrownBy(work: () => unknown): Promise<unknown> {
  try {
    return await work()
  } catch (error) {
    return error
  }
}

describe('a signature is judged by the exit code of ssh-keygen', () => {
  it('0: by that key', () => {
    withKeygen('exit 0')
    expect(signed()).toBe(key)
  })

  it('255: not by that key', () => {
    withKeygen('exit 255')
    expect(signed()).toBeUndefined()
  })

  it.each<[string, string | undefined, string]>([
    ['that is not there', undefined, 'transport.signature.missing'],
    ['that hangs', 'exec sleep 3600', 'transport.signature.timedOut'],
    [
      'that hangs, and heeds no request to end',
      "trap '' TERM; exec sleep 3600",
      'transport.signature.timedOut',
    ],
    ['that was killed', 'kill -9 $$', 'transport.signature.unchecked'],
    ['that knows no signatures', 'echo "unknown option -- Y" >&2; exit 1', 'transport.signature.unchecked'],
  ])('one %s has judged nothing', async (_, script, why) => {
    withKeygen(script)
    const thrown = await thrownBy(() => signed(300))
    expect(thrown).toBeInstanceOf(Failure)
    expect(thrown).toMatchObject({
      text: { key: why },
      remedy: { key: 'transport.signature.remedy' },
    })
  })

  it('what keeps it from being asked has judged nothing either', async () => {
    withKeygen('exit 0')
    vi.stubEnv('TMPDIR', join(home, 'not-there'))
    expect(await thrownBy(() => signed())).toMatchObject({
      text: { key: 'transport.signature.unchecked', values: { detail: { key: 'system.absent' } } },
      remedy: { key: 'transport.signature.remedy' },
    })
  })
})

it.each([
  ['sign', () => signText('a text', join(home, 'key'))],
  ['read a key', () => publicKeyOf(join(home, 'key'))],
])('to %s, too, says that ssh-keygen is missing', async (_, work) => {
  withKeygen(undefined)
  expect(await thrownBy(work)).toMatchObject({
    text: { key: 'transport.signature.missing' },
    remedy: { key: 'transport.signature.remedy' },
  })
})
