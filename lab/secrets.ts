import { execFileSync } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { trainer } from './estate/seed/accounts.ts'
import { secretsOf } from './paths.ts'

/** The lab's passwords and keys, one file each, made once for each lab. */
const secretNames = [
  'database-bascule',
  'database-replication',
  'database-estate',
  'tsig',
  'trainer',
  'pve-montpellier',
  'pve-toulouse',
  'vpn-gateway',
  'vpn-tester',
] as const
export type SecretName = (typeof secretNames)[number]

export const secretFile = (lab: string, secret: SecretName) => join(secretsOf(lab), secret)

/** The secret itself, without a line end; made the first time it is asked for. */
export function secret(lab: string, name: SecretName): string {
  const file = secretFile(lab, name)
  if (!existsSync(file)) {
    writeFileSync(file, newSecret(name), { mode: 0o600 })
  }
  return readFileSync(file, 'utf8')
}

function newSecret(name: SecretName): string {
  // The same in every lab: what the seed stores is its hash.
  if (name === 'trainer') return trainer.password
  // As Proxmox VE makes the secrets of its tokens.
  if (name.startsWith('pve-')) return randomUUID()
  if (name.startsWith('vpn-')) return execFileSync('wg', ['genkey'], { encoding: 'utf8' }).trim()
  // TSIG wants base64; the others go through URLs and quoted settings, so nothing that needs quoting.
  return randomBytes(32).toString(name === 'tsig' ? 'base64' : 'base64url')
}

/** Makes all of them, so that the plan's references hold whatever parts the lab has. */
export function writeSecrets(lab: string): void {
  for (const name of secretNames) secret(lab, name)
}
