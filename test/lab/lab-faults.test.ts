import { lstatSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { touchRow } from '../../lab/demo/overload-link.ts'
import {
  diskFreed,
  diskFull,
  fileCorrupt,
  promotionHangs,
  promotionWorks,
  rowsDiffer,
} from '../../lab/faults/faults.ts'
import { execIn, type Lab, lowerLab, ownName, raiseLab } from '../../lab/lab.ts'
import { treeOf } from '../../lab/paths.ts'
import { describeLab } from '../helpers/lab-needs.ts'

const name = ownName('faults')

describeLab('the lab’s databases and what can go wrong with them', () => {
  let lab: Lab
  const inToulouse = (...argv: string[]) =>
    execIn(lab, 'toulouse-database', ['runuser', '-u', 'postgres', '--', ...argv])

  const ask = async (site: string, text: string, options: { ssl?: boolean; database?: string } = {}) => {
    const client = new pg.Client({
      host: lab.hosts[`${site}-database`]?.address,
      user: 'bascule',
      password: readFileSync(join(lab.secretsDirectory, 'database-bascule'), 'utf8'),
      database: options.database ?? 'techcorp',
      ssl: options.ssl === false ? false : { rejectUnauthorized: false },
    })
    await client.connect()
    try {
      return (await client.query(text)).rows[0]
    } finally {
      await client.end()
    }
  }

  beforeAll(async () => {
    lab = await raiseLab({
      name,
      size: 'tiny',
      linkMbps: 200,
      parts: ['database', 'files'],
      smallDisks: { 'toulouse-files': { '/var/lib/bascule': 4 } },
    })
  })
  afterAll(async () => {
    await lowerLab(name)
  })

  it('take connections over TLS only, and keep what is written', async () => {
    await expect(ask('montpellier', 'SELECT 1', { ssl: false })).rejects.toThrow('no encryption')
    expect(await ask('montpellier', 'SHOW fsync')).toEqual({ fsync: 'on' })
    expect(await ask('montpellier', 'SHOW data_checksums')).toEqual({ data_checksums: 'on' })
  })

  it('are two: Toulouse’s is no copy of Montpellier’s, and empty', async () => {
    const identity = 'SELECT system_identifier FROM pg_control_system()'
    const options = { database: 'postgres' }
    expect(await ask('montpellier', identity, options)).not.toEqual(await ask('toulouse', identity, options))
    await expect(ask('toulouse', 'SELECT 1')).rejects.toThrow('"techcorp" does not exist')
  })

  it('make a standby whose row can be changed behind PostgreSQL’s back, its page still valid', async () => {
    await makeStandby()
    const row = 'SELECT answer FROM answers WHERE id = 1'
    const before = await ask('toulouse', row)
    expect(before).toEqual(await ask('montpellier', row))
    await rowsDiffer(lab)
    expect(await ask('toulouse', 'SELECT pg_is_in_recovery() AS standby')).toEqual({ standby: true })
    const after = await ask('toulouse', row)
    expect(after).not.toEqual(before)
    expect(after.answer).toHaveLength(before.answer.length)
    expect(await ask('toulouse', 'SELECT count(*)::int FROM answers')).toEqual(
      await ask('montpellier', 'SELECT count(*)::int FROM answers'),
    )
  })

  it('keep such a row as it is while users write, though the standby is seconds behind', async () => {
    await delayReplay('3s')
    const { table, key, column } = await touchRow(lab)
    const row = `SELECT ${column} FROM ${table} WHERE id = ${key}`
    await usersWrite()
    await rowsDiffer(lab, { table, key, column })
    await delayReplay('0')
    await usersWrite()
    for (let read = 0; read < 5; read += 1) await ask('montpellier', `SELECT count(${column}) FROM ${table}`)
    const { position } = await ask('montpellier', 'SELECT pg_switch_wal()::text AS position')
    const caughtUp = `SELECT pg_last_wal_replay_lsn() >= '${position}' AS whole`
    await expect.poll(() => ask('toulouse', caughtUp)).toEqual({ whole: true })
    expect(await ask('toulouse', row)).not.toEqual(await ask('montpellier', row))
  })

  /** It locks the rows that it refers to; a page's first change since a checkpoint is sent whole, and heals. */
  async function usersWrite(): Promise<void> {
    for (const [table, more] of [
      ['progress', 'course_id, lesson, percent) SELECT gen_random_uuid(), 1, courses.id, 1, 1 FROM courses'],
      ['answers', "exam_id, question, answer) SELECT gen_random_uuid(), 1, exams.id, 1, 'a' FROM exams"],
    ])
      await ask('montpellier', `INSERT INTO ${table} (client_id, account_id, ${more}`)
  }

  async function delayReplay(time: string): Promise<void> {
    await ask('toulouse', `ALTER SYSTEM SET recovery_min_apply_delay = '${time}'`)
    await ask('toulouse', 'SELECT pg_reload_conf()')
  }

  it('can hang in the promotion, and go on when that is healed', async () => {
    await promotionHangs(lab)
    await ask('toulouse', 'SELECT pg_promote(wait => false)')
    const promoted = () => ask('toulouse', 'SELECT NOT pg_is_in_recovery() AS primary')
    // The command runs: PostgreSQL has been told to promote and is held by it.
    await expect
      .poll(
        async () => (await execIn(lab, 'toulouse-database', ['pgrep', '-fc', '^sh -c while test'])).exitCode,
      )
      .toBe(0)
    expect(await promoted()).toEqual({ primary: false })
    await promotionWorks(lab)
    await expect.poll(promoted, { interval: 200 }).toEqual({ primary: true })
  })

  it('have beside them a small disk that can be filled, and freed', async () => {
    const write = () =>
      execIn(lab, 'toulouse-files', ['dd', 'if=/dev/zero', 'of=/var/lib/bascule/x', 'bs=64k', 'count=1'], {
        allowFailure: true,
      })
    await expect(diskFull(lab, 'toulouse-files', '/srv/files')).rejects.toThrow('not a small disk')
    await diskFull(lab, 'toulouse-files', '/var/lib/bascule')
    expect((await write()).stderr).toContain('No space left on device')
    await diskFreed(lab, 'toulouse-files', '/var/lib/bascule')
    expect((await write()).exitCode).toBe(0)
  })

  it('have beside them files that can be corrupted, size and time kept', async () => {
    const trees = ['montpellier-files', 'toulouse-files'].map(host => treeOf(lab.name, host))
    const [source, target] = trees.map(tree => join(tree, 'srv/files/'))
    await execa('cp', ['-a', `${source}.`, target ?? ''])
    const path = fileCorrupt(lab)
    const [intact, corrupt] = [source, target].map(root => {
      const file = join(root ?? '', path)
      const { size, mtimeMs } = lstatSync(file)
      return { size, mtimeMs, bytes: readFileSync(file) }
    })
    expect({ ...corrupt, bytes: 0 }).toEqual({ ...intact, bytes: 0 })
    expect(corrupt?.bytes).not.toEqual(intact?.bytes)
  })

  async function makeStandby(): Promise<void> {
    const directory = '/var/lib/postgresql/15/main'
    const passwords = '/var/lib/postgresql/.pgpass'
    const password = readFileSync(join(lab.secretsDirectory, 'database-bascule'), 'utf8')
    await execIn(lab, 'toulouse-database', ['pg_ctlcluster', '15', 'main', 'stop'])
    await execIn(lab, 'toulouse-database', ['rm', '-rf', directory])
    await execIn(lab, 'toulouse-database', ['tee', passwords], { input: `*:*:*:bascule:${password}\n` })
    await execIn(lab, 'toulouse-database', ['chown', 'postgres', passwords])
    await execIn(lab, 'toulouse-database', ['chmod', '600', passwords])
    const from = `host=${lab.hosts['montpellier-database']?.address} user=bascule sslmode=require`
    await inToulouse('pg_basebackup', '-D', directory, '-d', from, '-c', 'fast', '-R')
    await execIn(lab, 'toulouse-database', ['pg_ctlcluster', '15', 'main', 'start'])
  }
})
