import { execFile } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { freePort } from '../helpers/free-port.ts'
import { describeLab } from '../helpers/lab-needs.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'
import { startSshd, type TestSshd } from '../helpers/transport-sshd.ts'

const run = promisify(execFile)
const root = join(import.meta.dirname, '../..')
const folder = temporaryFolder('discover')
const script = join(root, 'test/helpers/discover-host.sh')
let sshd: TestSshd
let port: number

/** At the host, as root. */
const atHost = async (command: string): Promise<string> =>
  (await run('ssh', ['-F', sshd.configFile, 'alpha', command])).stdout

async function discovered(name: string, source: string) {
  const place = join(folder, name)
  mkdirSync(place, { recursive: true })
  const file = join(place, 'plan.yaml')
  const argv = [
    'discover',
    '--source',
    source,
    '--target',
    'beta',
    '--ssh-config',
    join(folder, 'ssh_config'),
  ]
  const { stdout } = await run(join(root, 'bin/bascule'), [...argv, '--output', file])
  const read = (path: string) => readFileSync(join(place, path), 'utf8')
  return { stdout, file, plan: read('plan.yaml'), page: read('discovered.md') }
}

const psql = (text: string, database = 'postgres') =>
  atHost(`cd / && runuser -u postgres -- psql -Xq -p ${port} -d ${quoted(database)} -c ${quoted(text)}`)

/** Every file with its content and times, who owns it, and what the server holds: what a reader may not change. */
const state = `
  find /etc /srv /home /root /var/spool/cron /var/www -printf '%p %y %s %m %U:%G %T@ %C@\\n' 2>/dev/null | sort
  find /etc -type f -exec md5sum {} + | sort
  cd / && runuser -u postgres -- psql -XAt -p PORT -c "
    select 'setting', name, setting from pg_settings where name <> 'transaction_read_only'
    union all select 'role', rolname, '' from pg_roles
    union all select 'database', datname, datacl::text from pg_database
    union all select 'next transaction', pg_snapshot_xmax(pg_current_snapshot())::text, '' order by 1, 2"`

describeLab('bascule discover', () => {
  beforeAll(async () => {
    chmodSync(folder, 0o755)
    port = await freePort()
    sshd = await startSshd(['unshare', '--mount', 'sh', script, folder])
    writeFileSync(
      join(folder, 'ssh_config'),
      `Host plain\n  User reader\n  HostKeyAlias alpha\nHost *\n  Include ${sshd.configFile}\n`,
    )
    const key = readFileSync(join(sshd.directory, 'client.pub'), 'utf8').trim()
    await atHost(
      `mkdir /home/reader/.ssh && printf '%s\\n' ${quoted(key)} >/home/reader/.ssh/authorized_keys`,
    )
    await atHost(
      `pg_createcluster 15 shop -p ${port} -o autovacuum=off -- --no-sync >/dev/null && pg_ctlcluster 15 shop start`,
    )
    await psql('create database shop')
    await psql('create database "plain: [x] # y"')
    await psql('create table kept (id int)')
  })
  afterAll(async () => {
    await atHost('pg_ctlcluster 15 shop stop -m immediate').catch(() => undefined)
    await sshd?.stop()
  })

  test('drafts a plan and a page, holds no secret and changes nothing', async () => {
    const asked = state.replace('PORT', String(port))
    // the first session in a database writes a file of the server's own
    for (const name of ['shop', 'plain: [x] # y']) await psql(`select 1`, name)
    const before = await atHost(asked)
    const { plan, page, stdout } = await discovered('root', 'alpha')
    expect(await atHost(asked)).toBe(before)
    expect(before).toContain('database|shop')
    expect(before).toContain('next transaction')
    expect(plan + page + stdout).not.toContain('CANARY')
    const { components } = parse(plan)
    expect(components['postgres-shop']).toMatchObject({
      cluster: '15/shop',
      source: { host: 'alpha', port },
      databases: ['plain: [x] # y', 'shop'],
    })
    expect(components['files-media'].source).toEqual({ host: 'alpha', path: '/srv/media' })
    expect(components['vpn-wg0']).toMatchObject({ configFile: '/etc/wireguard/wg0.conf', port: 51820 })
    expect(components['names-shop-test']).toMatchObject({
      zone: 'shop.test',
      update: { tsig: { name: 'mover' } },
    })
    for (const job of ['`send-mails` as `www-data`', '`mysqldump` as `root`']) expect(page).toContain(job)
    expect(page).toMatch(/`\/etc\/app\/shop\.env`, line 1: `[\d.]+:5432`/)
    expect(page).toContain('`/etc/letsencrypt/live/shop.test/fullchain.pem` (`CN=shop.test`)')
  })

  test('is refused over a plan that is there, before a host is asked', async () => {
    const file = join(folder, 'root', 'plan.yaml')
    const argv = ['discover', '--source', 'silent', '--target', 'silent', '--output', file]
    const refused = await run(join(root, 'bin/bascule'), argv).catch((error: unknown) => error)
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('--force') })
  })

  test('a login without rights drafts what it sees and says what it does not; check refuses what is open', async () => {
    const { file, plan, page } = await discovered('reader', 'plain')
    expect(parse(plan).components['files-media'].source.path).toBe('/srv/media')
    expect(plan + page).not.toContain('CANARY')
    for (const what of [
      '/etc/wireguard/wg0.conf',
      'databases of PostgreSQL 15/shop',
      'cron tables of other users',
    ])
      expect(page).toContain(`- \`plain\`: \`${what}\``)
    const check = await run(join(root, 'bin/bascule'), ['check', file, '--lang', 'en']).catch(
      (error: unknown) => error,
    )
    expect(check).toMatchObject({
      code: 2,
      stdout: expect.stringContaining('What is this migration called?'),
    })
  })
})

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`
