import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { secretsOf } from './paths.ts'

/** The lab's passwords and keys, one file each, made once for each lab. */
export type SecretName = 'database-bascule' | 'database-replication' | 'database-estate' | 'tsig'

export const secretFile = (lab: string, secret: SecretName) => join(secretsOf(lab), secret)

/** The secret itself, without a line end; made the first time it is asked for. */
export function secret(lab: string, name: SecretName): string {
  const file = secretFile(lab, name)
  if (!existsSync(file)) {
    // TSIG wants base64; the others go through URLs and quoted settings, so nothing that needs quoting.
    const encoding = name === 'tsig' ? 'base64' : 'base64url'
    writeFileSync(file, randomBytes(32).toString(encoding), { mode: 0o600 })
  }
  return readFileSync(file, 'utf8')
}
