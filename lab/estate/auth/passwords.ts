import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

const scryptAsync = promisify<string, Uint8Array, number, ScryptOptions, Buffer>(scrypt)

/**
 * scrypt's N. 256 is half a millisecond of one core and some ten of an emulated one, where hundreds log in at once after a
 * move; a real estate would ask for far more.
 */
export const passwordCost = 256
const keyBytes = 32

/** `cost` is kept with each account, so that it can be raised without locking anyone out. */
export type PasswordRecord = { hash: Uint8Array; salt: Uint8Array; cost: number }

export async function hashPassword(
  password: string,
  salt: Uint8Array = randomBytes(16),
  cost = passwordCost,
): Promise<PasswordRecord> {
  return { hash: await scryptAsync(password, salt, keyBytes, { N: cost }), salt, cost }
}

export async function verifyPassword(password: string, record: PasswordRecord): Promise<boolean> {
  const { hash } = await hashPassword(password, record.salt, record.cost)
  return hash.length === record.hash.length && timingSafeEqual(hash, record.hash)
}

/** Verified when the account is unknown, so that the answer's time does not tell which addresses exist. */
export const nobody: PasswordRecord = {
  hash: Buffer.alloc(keyBytes),
  salt: Buffer.alloc(16),
  cost: passwordCost,
}
