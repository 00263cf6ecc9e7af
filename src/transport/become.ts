import type { Argv } from '../model/io.ts'
import type { Host } from '../model/plan.ts'

/** The argv that acts as root: as it is where ssh logs in as root, else through sudo, which never asks and speaks English: its refusal is read. */
export function asRoot(host: Pick<Host, 'become'>, argv: Argv): string[] {
  return host.become === 'sudo' ? ['env', 'LC_ALL=C', 'sudo', '-n', '--', ...argv] : [...argv]
}

/** The argv that acts as another user, for a command that already runs as root. */
export function asUser(user: string | undefined, argv: Argv): string[] {
  return user === undefined ? [...argv] : ['runuser', '-u', user, '--', ...argv]
}
