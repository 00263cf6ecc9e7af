import { existsSync } from 'node:fs'
import { lstat, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { runBriefly } from './process.ts'
import { sshClose } from './ssh-commands.ts'

const closeSeconds = 5
const prefix = () => `bascule-${userInfo().uid}-`

/** A socket's path may have 104 bytes on some systems; ours, and the 17 that ssh adds while it connects, want the rest. */
const longestParentBytes = 45

/**
 * A private directory (0700) for the sockets of the control connections, one for each program: who closes it cuts nobody
 * else off. What killed orchestrators left is closed and removed first.
 */
export async function makeControlDirectory(): Promise<string> {
  const candidates = [process.env.XDG_RUNTIME_DIR, tmpdir()]
  const parent =
    candidates.find(path => path && path.length <= longestParentBytes && existsSync(path)) ?? '/tmp'
  await removeStale(parent)
  return mkdtemp(join(parent, `${prefix()}${process.pid}-`))
}

async function removeStale(parent: string): Promise<void> {
  const names = (await readdir(parent)).filter(name => name.startsWith(prefix()))
  for (const name of names) {
    const pid = Number(name.slice(prefix().length).split('-')[0])
    if (!Number.isInteger(pid) || pid <= 0 || isAlive(pid) || !(await isOurs(join(parent, name)))) continue
    await removeControlDirectory(join(parent, name)).catch(() => undefined)
  }
}

/** A directory for our user alone. In a parent that everybody may write to, another user can make one of that name, or a link. */
async function isOurs(path: string): Promise<boolean> {
  const status = await lstat(path).catch(() => undefined)
  return status?.isDirectory() === true && status.uid === userInfo().uid && (status.mode & 0o077) === 0
}

/** Ends the control connections whose sockets are there, then removes the directory. */
export async function removeControlDirectory(directory: string): Promise<void> {
  const sockets = await readdir(directory).catch(() => [])
  await Promise.all(
    sockets.map(name => runBriefly(sshClose({ socket: join(directory, name) }), closeSeconds)),
  )
  await rm(directory, { recursive: true, force: true })
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EPERM'
  }
}
