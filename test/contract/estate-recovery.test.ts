import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { testEmail, testPassword } from '../../lab/estate/seed/accounts.ts'
import { seedDatabase } from '../../lab/estate/seed/database.ts'
import { EstateCluster } from '../helpers/estate-cluster.ts'
import { ask, type Program, startProgram, stopProgram } from '../helpers/estate-programs.ts'
import { until } from '../helpers/until.ts'

describe.skipIf(process.getuid?.() !== 0)(
  'the estate through stops and restarts',
  { timeout: 400_000 },
  () => {
    let cluster: EstateCluster
    let auth: Program
    let courses: Program
    let token: string

    beforeAll(async () => {
      cluster = await EstateCluster.create()
      await seedDatabase(cluster.connection, 'tiny')
    })
    beforeEach(async () => {
      auth = await startProgram('estate/auth', cluster.environment)
      courses = await startProgram('estate/courses', {
        ...cluster.environment,
        FILES_URL: 'http://127.0.0.1:9',
      })
      const login = await ask(`${auth.url}/login`, {
        json: { email: testEmail(1), password: testPassword(1) },
      })
      token = String(login.body.token)
    })
    afterEach(async () => {
      await stopProgram(auth)
      await stopProgram(courses)
    })
    afterAll(() => cluster?.remove())

    const send = (clientId: string = randomUUID()) =>
      ask(`${courses.url}/answers`, { token, json: { clientId, examId: 1, question: 1, answer: 'oui' } })

    /** Answers wait for the lock, so that requests are surely under way when the program is told to stop. */
    async function withAnswersLocked(work: (waiting: () => Promise<number>) => Promise<void>): Promise<void> {
      const holder = new pg.Client(cluster.connection)
      await holder.connect()
      try {
        await holder.query('BEGIN; LOCK TABLE answers IN EXCLUSIVE MODE')
        await work(async () => {
          const [found] = await cluster.query<{ waiting: number }>(
            `SELECT count(*)::int AS waiting FROM pg_stat_activity WHERE wait_event_type = 'Lock'`,
          )
          return found?.waiting ?? 0
        })
      } finally {
        await holder.end()
      }
    }

    it('on SIGTERM answers the requests under way, takes no more, and ends with 0', async () => {
      const ids = Array.from({ length: 5 }, () => randomUUID())
      let sent: ReturnType<typeof send>[] = []
      await withAnswersLocked(async waiting => {
        sent = ids.map(id => send(id))
        await until(async () => (await waiting()) === 5)
        courses.process.kill('SIGTERM')
        await until(async () => courses.output.some(line => line.includes('stopping')))
        await expect(send()).rejects.toThrow()
      })
      const answers = await Promise.all(sent)
      expect(answers.map(answer => answer.status)).toEqual([201, 201, 201, 201, 201])
      expect(await stopProgram(courses)).toBe(0)
    })

    it('on SIGTERM ends with 0 even when the database never answers', async () => {
      await withAnswersLocked(async waiting => {
        const sent = send().catch(() => 'broken off')
        await until(async () => (await waiting()) === 1)
        expect(await stopProgram(courses)).toBe(0)
        expect(await sent).toBe('broken off')
      })
    })

    it('on SIGTERM under a steady load loses no acknowledged write', async () => {
      const acknowledged: string[] = []
      let running = true
      const load = Array.from({ length: 12 }, async () => {
        while (running) {
          const clientId = randomUUID()
          const answer = await send(clientId).catch(() => undefined)
          if (answer?.status === 201) acknowledged.push(clientId)
          if (!answer) return
        }
      })
      await until(async () => acknowledged.length > 50)
      const exited = once(courses.process, 'exit')
      courses.process.kill('SIGTERM')
      expect(await exited).toEqual([0, null])
      running = false
      await Promise.all(load)
      const [kept] = await cluster.query<{ rows: number }>(
        'SELECT count(*)::int AS rows FROM answers WHERE client_id = ANY ($1)',
        [acknowledged],
      )
      expect(kept?.rows).toBe(acknowledged.length)
    })

    it('says 503 while the database is away, and works again when it is back, without a restart', async () => {
      const clientId = randomUUID()
      await cluster.stop()
      for (const url of [auth.url, courses.url]) {
        const { status, body } = await ask(`${url}/health`)
        expect({ status, body }).toEqual({ status: 503, body: { error: 'temporarily unavailable' } })
      }
      expect((await send(clientId)).status).toBe(503)
      await cluster.start()
      await until(async () => (await send(clientId)).status === 200)
      expect((await ask(`${auth.url}/session`, { token })).status).toBe(200)
      expect(auth.process.exitCode).toBeNull()
      expect(courses.process.exitCode).toBeNull()
    })

    it('keeps a write once when the database is restarted while it is sent again and again', async () => {
      const ids = Array.from({ length: 20 }, () => randomUUID())
      const persist = async (clientId: string) => {
        await until(async () => [200, 201].includes((await send(clientId)).status))
      }
      const sending = Promise.all(ids.map(persist))
      await cluster.stop()
      await cluster.start()
      await sending
      const kept = await cluster.query('SELECT client_id FROM answers WHERE client_id = ANY ($1)', [ids])
      expect(kept).toHaveLength(20)
    })

    it('names what is wrong with its environment, and ends with 1', async () => {
      await expect(startProgram('estate/auth', { SITE: '', LISTEN_PORT: 'http' })).rejects.toThrow(
        'SITE is not set; LISTEN_PORT is not a port; PGHOST is not set; PGUSER is not set',
      )
    })
  },
)
