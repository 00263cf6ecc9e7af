import { execFileSync } from 'node:child_process'

/** Two files. */
export type Identity = { key: string; certificate: string }

/** Writes a key and a certificate of it for two days; `more`: of openssl's own options. `as`: whose files they are. */
export function signItself(
  { key, certificate }: Identity,
  more: readonly string[] = [],
  as: { uid?: number; gid?: number; cwd?: string } = {},
): void {
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2']
  const argv = ['req', '-x509', ...kind, '-subj', '/CN=estate', ...more, '-keyout', key, '-out', certificate]
  execFileSync('openssl', argv, { ...as, stdio: 'ignore' })
}
