import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { administer, clusterDirectory, controlCluster } from '../../lab/database/configuration.ts'
import { execIn, type Lab } from '../../lab/lab.ts'
import { treeOf } from '../../lab/paths.ts'

const [source, target] = ['montpellier-database', 'toulouse-database']
const ask = async (lab: Lab, host: string, statement: string): Promise<string> =>
  (await execIn(lab, host, administer(), { input: `${statement};\n` })).stdout.trim()

const spoilt = `${clusterDirectory}/conf.d/spoilt.conf`

/** The old source's PostgreSQL is down, and does not start: a setting that it does not know. */
export async function spoilSource(lab: Lab): Promise<void> {
  writeFileSync(join(treeOf(lab.name, source), spoilt), 'no_such_setting = on\n', { mode: 0o644 })
  await execIn(lab, source, controlCluster('stop'))
}

/** It starts again, and goes on following the target. */
export async function mendSource(lab: Lab): Promise<void> {
  rmSync(join(treeOf(lab.name, source), spoilt))
  await execIn(lab, source, controlCluster('start'))
}

/** The undo of `database.reverse` at the consoles of both hosts, as `bascule status` says it to people. */
export async function bringHomeByHand(lab: Lab): Promise<void> {
  // users have been shut out of the target by an undo before this one
  const written = await ask(lab, target, 'SELECT pg_current_wal_flush_lsn()')
  const replayed = `SELECT pg_last_wal_replay_lsn() >= '${written}'`
  await expect.poll(() => ask(lab, source, replayed)).toBe('t')
  await execIn(lab, target, controlCluster('stop'))
  const control = await execIn(lab, target, [
    '/usr/lib/postgresql/15/bin/pg_controldata',
    '/var/lib/postgresql/15/main',
  ])
  const checkpoint = /Latest checkpoint location: +(\S+)/.exec(control.stdout)?.[1] ?? ''
  expect(control.stdout).toMatch(/Database cluster state: +shut down$/m)
  const has = `SELECT pg_last_wal_replay_lsn() > '${checkpoint}'`
  await expect.poll(() => ask(lab, source, has)).toBe('t')
  expect(await ask(lab, source, 'SELECT pg_promote()')).toBe('t')
}
