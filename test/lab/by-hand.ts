import { expect } from 'vitest'
import { administer, controlCluster } from '../../lab/database/configuration.ts'
import { execIn, type Lab } from '../../lab/lab.ts'

/** What people do at the console of a host, where Bascule does not come. */
const [source, target] = ['montpellier-database', 'toulouse-database']
const ask = async (lab: Lab, host: string, statement: string): Promise<string> =>
  (await execIn(lab, host, administer(), { input: `${statement};\n` })).stdout.trim()

/** Nobody reaches the host by ssh any more: sessions that stand are ended too. */
export async function closeSsh(lab: Lab, host: string): Promise<void> {
  await execIn(lab, host, ['sv', 'down', '/etc/service/sshd'])
  await execIn(lab, host, ['pkill', '-KILL', '-x', 'sshd'], { allowFailure: true })
}

export async function openSsh(lab: Lab, host: string): Promise<void> {
  await execIn(lab, host, ['sv', 'start', '/etc/service/sshd'])
}

/** The undo of `database.reverse`, as `bascule status` says it to people. */
export async function bringHomeByHand(lab: Lab): Promise<void> {
  // users have been shut out of the target by an undo before this one
  const written = await ask(lab, target, 'SELECT pg_current_wal_flush_lsn()')
  const replayed = `SELECT pg_last_wal_replay_lsn() >= '${written}'`
  await expect.poll(() => ask(lab, source, replayed), { timeout: 30_000 }).toBe('t')
  await execIn(lab, target, controlCluster('stop'))
  const control = await execIn(lab, target, [
    '/usr/lib/postgresql/15/bin/pg_controldata',
    '/var/lib/postgresql/15/main',
  ])
  const checkpoint = /Latest checkpoint location: +(\S+)/.exec(control.stdout)?.[1] ?? ''
  expect(control.stdout).toMatch(/Database cluster state: +shut down$/m)
  const has = `SELECT pg_last_wal_replay_lsn() > '${checkpoint}'`
  await expect.poll(() => ask(lab, source, has), { timeout: 30_000 }).toBe('t')
  expect(await ask(lab, source, 'SELECT pg_promote()')).toBe('t')
}
