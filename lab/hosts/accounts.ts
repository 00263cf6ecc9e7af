import { chownSync, readFileSync } from 'node:fs'

/** Gives files to a user of this machine, and to its main group. Throws when there is no such user. */
export function giveTo(user: string, ...paths: string[]): void {
  const { uid, gid } = accountOf(user)
  for (const path of paths) chownSync(path, uid, gid)
}

function accountOf(user: string): { uid: number; gid: number } {
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n')
  const [, , uid, gid] = lines.find(line => line.startsWith(`${user}:`))?.split(':') ?? []
  if (uid === undefined) throw new Error(`this machine has no user ${user}: type bash bin/setup`)
  return { uid: Number(uid), gid: Number(gid) }
}
