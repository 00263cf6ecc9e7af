import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stateUnusable } from './lock.ts'

export const sealKeyFile = (directory: string): string => join(directory, 'seal.key')

/**
 * The private key that seals of this state directory are signed with, made when it is first asked for. One that cannot be read is
 * set aside: a new one stops nothing, and the journal names both. Throws Failure when it cannot be written.
 */
export function sealKey(directory: string): KeyObject {
  const file = sealKeyFile(directory)
  try {
    const kept = existsSync(file) ? readKey(file) : undefined
    if (kept !== undefined) return kept
    if (existsSync(file)) renameSync(file, `${file}.damaged`)
    const { privateKey } = generateKeyPairSync('ed25519')
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' })
    // on the disk before it has its name: what is signed with a lost key looks like a forgery
    writeFileSync(`${file}.new`, pem, { mode: 0o600, flush: true })
    renameSync(`${file}.new`, file)
    return privateKey
  } catch (cause) {
    throw stateUnusable(directory, cause)
  }
}

function readKey(file: string): KeyObject | undefined {
  const pem = readFileSync(file)
  try {
    const key = createPrivateKey(pem)
    return key.asymmetricKeyType === 'ed25519' ? key : undefined
  } catch {
    return undefined
  }
}
