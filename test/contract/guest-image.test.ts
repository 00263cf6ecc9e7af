import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { testEmail, testPassword } from '../../lab/estate/seed/accounts.ts'
import { seedDatabase } from '../../lab/estate/seed/database.ts'
import { baseDisk } from '../../lab/guest/base.ts'
import { buildGuest } from '../../lab/guest/build.ts'
import { rootPartition } from '../../lab/guest/disk.ts'
import { guestEnvironment } from '../../lab/guest/environment.ts'
import type { GuestProgram } from '../../lab/guest/programs.ts'
import { EstateCluster } from '../helpers/estate-cluster.ts'
import { ask, type Program, startProgram, stopProgram } from '../helpers/estate-programs.ts'
import { GuestMachine } from '../helpers/guest-machine.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'
import { until } from '../helpers/until.ts'

const host = '10.0.2.2'
const [here, there] = ['10.0.2.15', '10.0.2.16']

describe.skipIf(process.getuid?.() !== 0)('the disk of a guest', () => {
  const root = temporaryFolder('guest-image')
  const machines = new Set<GuestMachine>()
  let cluster: EstateCluster
  let outside: Program

  beforeAll(async () => {
    cluster = await EstateCluster.create()
    await seedDatabase(cluster.connection, 'tiny')
    outside = await startProgram('estate/auth', cluster.environment)
  })
  afterEach(async () => {
    for (const machine of machines) await machine.end()
    machines.clear()
  })
  afterAll(async () => {
    await stopProgram(outside)
    await cluster?.remove()
  })

  const build = (program: GuestProgram) =>
    buildGuest({
      program,
      address: `${here}/24`,
      gateway: host,
      others: { database: host, files: host, ...(program === 'auth' ? {} : { auth: host }) },
      environment: {
        ...guestEnvironment({
          databasePassword: `it's "secret"`,
          siteNetworks: { montpellier: `${here}/32`, toulouse: `${there}/32` },
        }),
        ...cluster.environment,
        PGHOST: 'database',
        AUTH_URL: `http://auth:${new URL(outside.url).port}`,
      },
      output: join(root, `${program}.qcow2`),
    })

  async function boot(disk: string): Promise<GuestMachine> {
    const directory = mkdtempSync(join(root, 'run-'))
    const machine = await GuestMachine.start(disk, directory, [here, there])
    machines.add(machine)
    await until(async () => answersAt(machine, here))
    return machine
  }
  const answersAt = async (machine: GuestMachine, address: string) => {
    const answer = await ask(`${machine.urls[address]}/alive`).catch(() => undefined)
    return answer?.status === 200
  }
  async function powerOff(machine: GuestMachine, how: 'pressPowerButton' | 'shutDownByAgent'): Promise<void> {
    await machine[how]()
    await machine.end()
    machines.delete(machine)
  }
  /** What ext4 itself says of the root: nothing to recover, nothing to repair. */
  async function expectCleanDisk(disk: string): Promise<void> {
    const raw = join(mkdtempSync(join(root, 'raw-')), 'raw')
    await execa('qemu-img', ['convert', '-O', 'raw', disk, raw])
    const device = `${raw}?offset=${rootPartition.startBytes}`
    const { stdout } = await execa('dumpe2fs', ['-h', device], { stderr: 'ignore' })
    expect(stdout).toMatch(/^Filesystem state: +clean$/m)
    expect(stdout).not.toContain('needs_recovery')
    expect((await execa('e2fsck', ['-fn', device], { reject: false })).exitCode).toBe(0)
    rmSync(raw)
  }

  it('is made once for the same inputs, holds more than 100 MB, and is private', async () => {
    const disk = await build('auth')
    const base = statSync(await baseDisk()).ino
    await build('auth')
    expect(statSync(await baseDisk()).ino).toBe(base)
    const { stdout } = await execa('qemu-img', ['info', '--output=json', disk])
    const info = JSON.parse(stdout)
    expect(info).toMatchObject({ format: 'qcow2', 'virtual-size': 512 * 1024 * 1024 })
    expect(info['actual-size']).toBeGreaterThan(100_000_000)
    expect(info['actual-size']).toBeLessThan(250_000_000)
    expect(statSync(disk).mode & 0o777).toBe(0o600)
    expect((await execa('qemu-img', ['check', disk])).exitCode).toBe(0)
    await expectCleanDisk(disk)
  })

  it('boots by itself, keeps sessions through a power button, and obeys its agent', async () => {
    const disk = await build('auth')
    const first = await boot(disk)
    const json = { email: testEmail(3), password: testPassword(3) }
    const login = await ask(`${first.urls[here]}/login`, { json })
    expect(login).toMatchObject({ status: 201, site: 'montpellier' })
    const token = String(login.body.token)
    expect((await first.run('/bin/stat', '-c', '%a %u', '/etc/estate/program.env')).output).toBe('600 0\n')
    expect((await first.run('/bin/stat', '-c', '%a %u', '/var/lib/estate/auth/session.key')).output).toBe(
      '600 1000\n',
    )
    await powerOff(first, 'pressPowerButton')
    await expectCleanDisk(disk)

    const second = await boot(disk)
    expect((await ask(`${second.urls[here]}/session`, { token })).status).toBe(200)
    await obeysItsAgent(second)
    await powerOff(second, 'shutDownByAgent')
    await expectCleanDisk(disk)
    expect(second.serial).not.toMatch(/panic|EXT4-fs error|initrd:|no network/)
  })

  async function obeysItsAgent(machine: GuestMachine): Promise<void> {
    await machine.agent('guest-ping')
    const interfaces = (await machine.agent('guest-network-get-interfaces')) as unknown as { name: string }[]
    expect(JSON.stringify(interfaces.find(({ name }) => name === 'eth0'))).toContain(here)
    expect(await machine.agent('guest-get-osinfo')).toMatchObject({ id: 'bascule-guest' })
    const handle = await machine.agent('guest-file-open', { path: '/root/written', mode: 'w' })
    const content = Buffer.from('par l’agent\n').toString('base64')
    await machine.agent('guest-file-write', { handle, 'buf-b64': content })
    await machine.agent('guest-file-close', { handle })
    expect(await machine.run('/bin/cat', '/root/written')).toEqual({ exitCode: 0, output: 'par l’agent\n' })
    await machine.agent('guest-fsfreeze-freeze')
    expect(await machine.agent('guest-fsfreeze-status')).toBe('frozen')
    await machine.agent('guest-fsfreeze-thaw')
    expect(await machine.agent('guest-fsfreeze-status')).toBe('thawed')
    expect((await machine.run('/bin/false')).exitCode).toBe(1)
  }

  it('changes its address when its files have changed, without a restart, and says the other site', async () => {
    const machine = await boot(await build('auth'))
    expect((await ask(`${machine.urls[here]}/health`)).status).toBe(200)
    const pid = await machine.run('/bin/cat', '/run/program.pid')
    const files = ['/etc/network/interfaces', '/etc/hosts']
    expect((await machine.run('/bin/sed', '-i', `s/${here}/${there}/`, ...files)).exitCode).toBe(0)
    expect(await machine.run('/sbin/apply-network')).toEqual({ exitCode: 0, output: '' })
    await until(async () => answersAt(machine, there))
    expect(await ask(`${machine.urls[there]}/health`)).toMatchObject({ status: 200, site: 'toulouse' })
    expect(await machine.run('/bin/cat', '/run/program.pid')).toEqual(pid)
  })

  it('keeps an upload that the database could not take yet, through a clean stop, and brings it there once', async () => {
    const disk = await build('courses')
    const json = { email: testEmail(4), password: testPassword(4) }
    const token = String((await ask(`${outside.url}/login`, { json })).body.token)
    const first = await boot(disk)
    const refuseWrites = async (setting: string) => {
      await cluster.query(`BEGIN READ WRITE; ALTER DATABASE techcorp ${setting}; COMMIT`)
      await cluster.endSessions()
    }
    await refuseWrites('SET default_transaction_read_only = on')
    const upload = { clientId: randomUUID(), examId: 2, name: 'Copie.pdf', content: 'Q29waWU=' }
    expect((await ask(`${first.urls[here]}/uploads`, { token, json: upload })).status).toBe(201)
    await powerOff(first, 'pressPowerButton')
    await refuseWrites('RESET default_transaction_read_only')

    const second = await boot(disk)
    const rows = async () =>
      (
        await cluster.query<{ rows: number }>(
          'SELECT count(*)::int AS rows FROM uploads WHERE client_id = $1',
          [upload.clientId],
        )
      )[0]?.rows
    await until(async () => (await rows()) === 1)
    await until(async () => (await ask(`${second.urls[here]}/alive`)).body.waiting === 0)
    expect(await rows()).toBe(1)
  })
})
