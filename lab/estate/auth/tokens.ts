import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { replaceFile } from '../common/durable.ts'

const keyBytes = 32
const randomLength = 24
const signatureLength = 18

/** The key that signs sessions, made at the first start. Throws when the file is not a key. */
export function readOrMakeKey(file: string): Buffer {
  if (!existsSync(file)) replaceFile(file, randomBytes(keyBytes))
  const key = readFileSync(file)
  if (key.length !== keyBytes) throw new Error(`${file} is not a key of ${keyBytes} bytes`)
  return key
}

const signatureOf = (key: Buffer, random: Buffer) =>
  createHmac('sha256', key).update(random).digest().subarray(0, signatureLength)

/** Random bytes and their signature, as one word that fits a header. */
export function newToken(key: Buffer): string {
  const random = randomBytes(randomLength)
  return Buffer.concat([random, signatureOf(key, random)]).toString('base64url')
}

/** Whether the token was made with this key. */
export function signedBy(key: Buffer, token: string): boolean {
  const bytes = Buffer.from(token, 'base64url')
  if (bytes.length !== randomLength + signatureLength) return false
  const random = bytes.subarray(0, randomLength)
  return timingSafeEqual(bytes.subarray(randomLength), signatureOf(key, random))
}
