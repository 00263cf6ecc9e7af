import { randomUUID } from 'node:crypto'
import { cpSync, mkdirSync, mkdtempSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { testEmail, testPassword } from '../../lab/estate/seed/accounts.ts'
import { seedDatabase } from '../../lab/estate/seed/database.ts'
import { EstateCluster } from '../helpers/estate-cluster.ts'
import { ask, type Program, startProgram, stopProgram } from '../helpers/estate-programs.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'
import { until } from '../helpers/until.ts'

describe.skipIf(process.getuid?.() !== 0)('state on a disk of its own', () => {
  const root = temporaryFolder('estate-state')
  const running = new Set<Program>()
  let cluster: EstateCluster

  beforeAll(async () => {
    cluster = await EstateCluster.create()
    await seedDatabase(cluster.connection, 'tiny')
  })
  afterEach(async () => {
    for (const program of running) await stopProgram(program)
    running.clear()
  })
  afterAll(async () => {
    await cluster?.remove()
  })

  const newDisk = () => mkdtempSync(join(root, 'disk-'))
  async function start(service: 'auth' | 'courses', disk: string, more: Record<string, string> = {}) {
    const environment = { ...cluster.environment, STATE_DIRECTORY: disk, FILES_URL: 'http://127.0.0.1:9' }
    const program = await startProgram(`estate/${service}`, { ...environment, ...more })
    running.add(program)
    return program
  }
  async function stop(program: Program) {
    running.delete(program)
    expect(await stopProgram(program)).toBe(0)
  }
  const logIn = async (auth: Program, number = 5) => {
    const json = { email: testEmail(number), password: testPassword(number) }
    const { status, body } = await ask(`${auth.url}/login`, { json })
    expect(status).toBe(201)
    return String(body.token)
  }
  const accepts = async (auth: Program, token: string) =>
    (await ask(`${auth.url}/session`, { token })).status === 200

  it('keeps sessions and their key with the disk, nothing of them in the database', async () => {
    const disk = newDisk()
    const before = await start('auth', disk)
    const token = await logIn(before)
    const closed = await logIn(before, 6)
    await ask(`${before.url}/logout`, { token: closed, method: 'POST' })
    before.process.kill('SIGKILL')
    running.delete(before)

    const after = await start('auth', disk)
    expect(await accepts(after, token)).toBe(true)
    expect(await accepts(after, closed)).toBe(false)
    const { body } = await ask(`${after.url}/session`, { token })
    expect(body).toMatchObject({ accountId: 5, email: testEmail(5), role: 'learner' })
    const [kept] = await cluster.query<{ rows: number }>('SELECT count(*)::int AS rows FROM sessions')
    const elsewhere = await start('auth', newDisk())
    expect(await accepts(elsewhere, token)).toBe(false)
    const [still] = await cluster.query<{ rows: number }>('SELECT count(*)::int AS rows FROM sessions')
    expect(still).toEqual(kept)
  })

  it('does not know sessions that were opened after its disk was copied', async () => {
    const disk = newDisk()
    const source = await start('auth', disk)
    const early = await logIn(source, 7)
    const copy = newDisk()
    cpSync(disk, copy, { recursive: true })
    const late = await logIn(source, 8)
    const target = await start('auth', copy)
    expect([await accepts(target, early), await accepts(target, late)]).toEqual([true, false])
  })

  it('keeps every session acknowledged when many come at once', async () => {
    const disk = newDisk()
    const before = await start('auth', disk)
    const tokens = await Promise.all(Array.from({ length: 20 }, (_, index) => logIn(before, 20 + index)))
    before.process.kill('SIGKILL')
    running.delete(before)
    const after = await start('auth', disk)
    const accepted = await Promise.all(tokens.map(token => accepts(after, token)))
    expect(accepted.filter(Boolean)).toHaveLength(20)
  })

  it('lets the dashboard count the sessions that auth holds', async () => {
    const auth = await start('auth', newDisk())
    await logIn(auth)
    const neighbours = { AUTH_URL: auth.url, COURSES_URL: auth.url }
    const dashboard = await startProgram('estate/dashboard', { ...cluster.environment, ...neighbours })
    running.add(dashboard)
    expect((await ask(`${dashboard.url}/summary`)).body.counts).toMatchObject({ activeSessions: 1 })
  })

  it('refuses an account put out of use, at once in auth', async () => {
    const auth = await start('auth', newDisk())
    const token = await logIn(auth, 9)
    await cluster.query('UPDATE accounts SET active = false WHERE id = 9')
    expect(await accepts(auth, token)).toBe(false)
    await cluster.query('UPDATE accounts SET active = true WHERE id = 9')
    expect(await accepts(auth, token)).toBe(true)
  })

  describe('of the course platform', () => {
    const content = Buffer.from('copie d’examen').toString('base64')
    const upload = (examId = 1) => ({ clientId: randomUUID(), examId, name: 'Copie 1.pdf', content })
    const rowsOf = async ({ clientId }: { clientId: string }) =>
      (
        await cluster.query<{ rows: number }>(
          'SELECT count(*)::int AS rows FROM uploads WHERE client_id = $1',
          [clientId],
        )
      )[0]?.rows
    const waiting = async (courses: Program) => (await ask(`${courses.url}/alive`)).body.waiting
    const refuseWrites = async (refuse: boolean) => {
      await cluster.query(
        `BEGIN READ WRITE; ALTER DATABASE techcorp ${refuse ? 'SET default_transaction_read_only = on' : 'RESET default_transaction_read_only'}; COMMIT`,
      )
      await cluster.endSessions()
    }
    const both = async () => {
      const auth = await start('auth', newDisk())
      const disk = newDisk()
      const courses = await start('courses', disk, { AUTH_URL: auth.url })
      return { auth, courses, disk, token: await logIn(auth) }
    }

    it('takes uploads while the database takes none, and brings each there once', async () => {
      const { auth, courses, disk, token } = await both()
      await refuseWrites(true)
      const all = Array.from({ length: 5 }, () => upload())
      const send = (json: object) => ask(`${courses.url}/uploads`, { token, json })
      for (const json of all) expect(await send(json)).toMatchObject({ status: 201 })
      const together = await Promise.all(Array.from({ length: 6 }, () => send(all[0] ?? {})))
      expect(together.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200])
      expect(together[0]?.body).toMatchObject({ clientId: all[0]?.clientId, name: 'Copie 1.pdf' })
      expect(await waiting(courses)).toBe(5)
      courses.process.kill('SIGKILL')
      running.delete(courses)
      await refuseWrites(false)
      // The first had been committed just before the crash, its file not yet taken away.
      await cluster.query(
        `INSERT INTO uploads (client_id, account_id, exam_id, name, content, submitted_at) VALUES ($1, 5, 1, 'x', '', now())`,
        [all[0]?.clientId],
      )
      const again = await start('courses', disk, { AUTH_URL: auth.url })
      await until(async () => (await waiting(again)) === 0)
      for (const one of all) expect(await rowsOf(one)).toBe(1)
    })

    it('stops without waiting for the database, and loses nothing', async () => {
      const { auth, courses, disk, token } = await both()
      const one = upload()
      expect((await ask(`${courses.url}/uploads`, { token, json: one })).status).toBe(201)
      await stop(courses)
      const copy = join(root, 'moved')
      mkdirSync(copy)
      cpSync(disk, copy, { recursive: true })
      const moved = await start('courses', copy, { AUTH_URL: auth.url })
      await until(async () => (await waiting(moved)) === 0)
      expect(await rowsOf(one)).toBe(1)
    })

    it('puts aside, and does not forget, what the database will never take', async () => {
      const { courses, disk, token } = await both()
      const wrong = upload(999_999)
      const right = upload()
      for (const json of [wrong, right])
        expect((await ask(`${courses.url}/uploads`, { token, json })).status).toBe(201)
      await until(async () => (await rowsOf(right)) === 1)
      expect((await ask(`${courses.url}/alive`)).body).toMatchObject({ waiting: 0, refused: 1 })
      expect(readdirSync(join(disk, 'refused'))).toEqual([expect.stringContaining(wrong.clientId)])
    })

    it('asks auth whose session it is, and says 503 when auth is away', async () => {
      const { auth, courses, token } = await both()
      const late = await logIn(auth, 11)
      const open = (as: string) => ask(`${courses.url}/courses/1`, { token: as })
      expect((await open(token)).status).toBe(200)
      expect((await open('unknown-token-of-some-length')).status).toBe(401)
      await stop(auth)
      expect((await open(token)).status).toBe(200)
      expect((await open(late)).status).toBe(503)
    })

    it('says that it is alive without its database, drops its connections on SIGHUP and goes on', async () => {
      const { courses } = await both()
      expect((await ask(`${courses.url}/health`)).body).toMatchObject({ status: 'ok', writable: true })
      courses.process.kill('SIGHUP')
      await until(async () =>
        courses.output.some(line => line.includes('"network-changed","connectionsDropped":1')),
      )
      await until(async () => (await ask(`${courses.url}/health`)).status === 200)
      const cut = await start('courses', newDisk(), { AUTH_URL: 'http://127.0.0.1:9', PGPORT: '9' })
      expect((await ask(`${cut.url}/alive`)).status).toBe(200)
      expect((await ask(`${cut.url}/health`)).status).toBe(503)
    })
  })
})
