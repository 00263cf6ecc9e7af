import { createHmac } from 'node:crypto'
import { hashPassword } from '../auth/passwords.ts'

/** Of test accounts only; nothing real is guarded by it. */
const seed = 'techcorp-test-accounts'

/** scrypt is slow by design, so accounts share this many distinct passwords and salts. */
const distinct = 64

export const testEmail = (n: number): string => `user-${String(n).padStart(6, '0')}@techcorp.test`
export const testPassword = (n: number): string => derive('password', n % distinct).toString('base64url')

/** May read every answer. */
export const trainer = { email: 'trainer@techcorp.test', password: testPassword(0) }

/** The records for account n at index n % length; the same bytes at every run. */
export function testPasswordRecords() {
  const records = Array.from({ length: distinct }, (_, n) => hashPassword(testPassword(n), derive('salt', n)))
  return Promise.all(records)
}

function derive(use: string, n: number): Buffer {
  return createHmac('sha256', seed).update(`${use}:${n}`).digest().subarray(0, 16)
}
