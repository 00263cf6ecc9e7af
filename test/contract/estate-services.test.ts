import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testEmail, testPassword, trainer } from '../../lab/estate/seed/accounts.ts'
import { seedDatabase } from '../../lab/estate/seed/database.ts'
import { seedFiles } from '../../lab/estate/seed/files.ts'
import { EstateCluster } from '../helpers/estate-cluster.ts'
import { type Edge, openEdge } from '../helpers/estate-edge.ts'
import { ask, type Program, startProgram, stopProgram } from '../helpers/estate-programs.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

describe.skipIf(process.getuid?.() !== 0)('the estate on a real PostgreSQL', () => {
  const directory = temporaryFolder('estate-files')
  const programs: Record<string, Program> = {}
  let cluster: EstateCluster
  let edge: Edge
  const url = (name: string) => programs[name]?.url ?? ''

  beforeAll(async () => {
    cluster = await EstateCluster.create()
    await seedDatabase(cluster.connection, 'tiny')
    await seedFiles(directory, 'tiny')
    edge = await openEdge('montpellier', '127.0.0.1', 0, directory)
    const { environment } = cluster
    programs.auth = await startProgram('estate/auth', environment)
    const filesUrl = `http://127.0.0.1:${edge.port}`
    programs.courses = await startProgram('estate/courses', {
      ...environment,
      FILES_URL: filesUrl,
      FILES_PUBLIC_URL: 'http://files.techcorp.test',
    })
    programs.dashboard = await startProgram('estate/dashboard', {
      ...environment,
      AUTH_URL: url('auth'),
      COURSES_URL: url('courses'),
    })
  })

  afterAll(async () => {
    for (const program of Object.values(programs)) await stopProgram(program)
    await edge?.close()
    await cluster?.remove()
  })

  const logIn = async (n: number) => {
    const { status, body } = await ask(`${url('auth')}/login`, {
      json: { email: testEmail(n), password: testPassword(n) },
    })
    expect(status).toBe(201)
    return { token: String(body.token), accountId: Number(body.accountId) }
  }

  it.each(['auth', 'courses', 'dashboard'])('%s says it is well, and at which site', async name => {
    const { status, site, body } = await ask(`${url(name)}/health`)
    expect({ status, site, body }).toEqual({
      status: 200,
      site: 'montpellier',
      body: { service: name, status: 'ok', writable: true },
    })
  })

  it('logs in, keeps only a hash of the token, knows the session, and forgets it on log out', async () => {
    const { token, accountId } = await logIn(77)
    const [kept] = await cluster.query<{ rows: number }>(
      `SELECT count(*)::int AS rows FROM sessions WHERE token_hash = sha256($1::bytea) AND account_id = $2`,
      [Buffer.from(token), accountId],
    )
    expect(kept?.rows).toBe(1)
    const [logged] = await cluster.query<{ rows: number }>(
      `SELECT count(*)::int AS rows FROM audit_log WHERE actor = 'user-000077' AND action = 'login' AND detail IS NULL`,
    )
    expect(logged?.rows).toBe(1)
    const session = await ask(`${url('auth')}/session`, { token })
    expect(session.body).toMatchObject({ accountId: 77, email: testEmail(77), role: 'learner' })
    expect((await ask(`${url('auth')}/logout`, { token, method: 'POST' })).status).toBe(200)
    expect((await ask(`${url('auth')}/logout`, { token, method: 'POST' })).status).toBe(200)
    expect((await ask(`${url('auth')}/session`, { token })).status).toBe(401)
  })

  it.each([
    ['a wrong password', { email: testEmail(1), password: 'wrong' }, 401],
    ['an unknown account', { email: 'nobody@techcorp.test', password: 'wrong' }, 401],
    ['a missing field', { email: testEmail(1) }, 400],
    ['no JSON', 'no JSON', 400],
    ['a body without end', { email: 'x'.repeat(70_000), password: '' }, 413],
  ])('refuses %s', async (_, json, status) => {
    const answer = await ask(`${url('auth')}/login`, { json })
    expect(answer.status).toBe(status)
    expect(Object.keys(answer.body)).toEqual(['error'])
  })

  it('refuses an expired session and an account put out of use', async () => {
    const { token, accountId } = await logIn(78)
    await cluster.query('UPDATE accounts SET active = false WHERE id = $1', [accountId])
    expect((await ask(`${url('auth')}/session`, { token })).status).toBe(401)
    await cluster.query('UPDATE accounts SET active = true WHERE id = $1', [accountId])
    expect((await ask(`${url('auth')}/session`, { token })).status).toBe(200)
    await cluster.query(`UPDATE sessions SET expires_at = now() WHERE account_id = $1`, [accountId])
    expect((await ask(`${url('courses')}/courses/1`, { token })).status).toBe(401)
  })

  it('answers unknown pages and methods plainly', async () => {
    expect((await ask(`${url('auth')}/nothing`)).status).toBe(404)
    expect((await ask(`${url('auth')}/login`)).status).toBe(405)
    expect((await ask(`${url('courses')}/courses/0`, { token: (await logIn(1)).token })).status).toBe(404)
    expect((await ask(`${url('courses')}/courses/999999`, { token: (await logIn(1)).token })).status).toBe(
      404,
    )
  })

  it('lists every course, and opens each with links to files that the file server has', async () => {
    const list = await ask(`${url('courses')}/courses`)
    const courses = list.body.courses as { id: number }[]
    expect(courses).toHaveLength(5)
    expect((await ask(`${url('courses')}/courses/1`)).status).toBe(401)
    const { token } = await logIn(2)
    let media = 0
    for (const { id } of courses) {
      const { status, body } = await ask(`${url('courses')}/courses/${id}?check=media`, { token })
      const files = body.media as { url: string; available: boolean }[]
      expect(status).toBe(200)
      expect(files.filter(file => !file.available)).toEqual([])
      expect(files[0]?.url).toMatch(/^http:\/\/files\.techcorp\.test\/formations\/[\w%./'()-]+$/)
      expect(body.exams).toHaveLength(4)
      media += files.length
    }
    expect(media).toBe(98)
  })

  it('says which media are missing', async () => {
    const { token } = await logIn(2)
    edge.maintenance.add('files')
    const { status, body } = await ask(`${url('courses')}/courses/2?check=media`, { token })
    edge.maintenance.delete('files')
    expect(status).toBe(200)
    expect((body.media as { available: boolean }[]).some(file => file.available)).toBe(false)
  })

  it.each([
    ['answers', { examId: 3, question: 4, answer: 'Réponse' }],
    ['progress', { courseId: 2, lesson: 7, percent: 40 }],
  ])('keeps %s once, however often and at once they are sent', async (table, what) => {
    const { token, accountId } = await logIn(3)
    const json = { clientId: randomUUID(), ...what }
    const send = (as = token) => ask(`${url('courses')}/${table}`, { token: as, json })
    const together = await Promise.all(Array.from({ length: 8 }, () => send()))
    const again = await send()
    expect(together.map(answer => answer.status).sort()).toEqual([200, 200, 200, 200, 200, 200, 200, 201])
    expect(again.status).toBe(200)
    for (const { body } of together) expect(body).toEqual(again.body)
    expect(again.body).toMatchObject({ ...json, accountId })
    const [kept] = await cluster.query<{ rows: number }>(
      `SELECT count(*)::int AS rows FROM ${table} WHERE client_id = $1`,
      [json.clientId],
    )
    expect(kept?.rows).toBe(1)
    expect((await send((await logIn(4)).token)).status).toBe(409)
  })

  it('refuses answers that are malformed, to no exam, or without a session', async () => {
    const { token } = await logIn(3)
    const good = { clientId: randomUUID(), examId: 1, question: 1, answer: '' }
    const send = (json: object, as?: string) =>
      ask(`${url('courses')}/answers`, as === undefined ? { json } : { json, token: as })
    expect((await send(good)).status).toBe(401)
    expect((await send({ ...good, clientId: 'mine' }, token)).status).toBe(400)
    expect((await send({ ...good, question: 0 }, token)).status).toBe(400)
    expect((await send({ ...good, examId: 999_999 }, token)).status).toBe(422)
    expect((await send(good, token)).status).toBe(201)
  })

  it('shows an answer to its author and to trainers alone', async () => {
    const mine = await logIn(5)
    const json = { clientId: randomUUID(), examId: 1, question: 1, answer: 'à moi' }
    const { body } = await ask(`${url('courses')}/answers`, { token: mine.token, json })
    const read = (token: string) => ask(`${url('courses')}/answers/${body.id}`, { token })
    expect((await read(mine.token)).body).toEqual(body)
    expect((await read((await logIn(6)).token)).status).toBe(404)
    const teacher = await ask(`${url('auth')}/login`, { json: trainer })
    expect((await read(String(teacher.body.token))).body).toEqual(body)
  })

  it('shows what the database counts and how its neighbours are', async () => {
    const { status, body } = await ask(`${url('dashboard')}/summary`)
    const [counts] = await cluster.query<{ accounts: number }>(
      `SELECT (SELECT count(*)::int FROM accounts) AS accounts, (SELECT count(*)::int FROM progress) AS progress`,
    )
    expect(status).toBe(200)
    expect(body.counts).toMatchObject(counts ?? {})
    const well = { healthy: true, site: 'montpellier' }
    expect(body.services).toEqual({ auth: well, courses: well })
    const page = await fetch(`${url('dashboard')}/`)
    expect(await page.text()).toContain(`<th scope="row">Comptes</th><td>${counts?.accounts}</td>`)
  })

  it('refuses writes with 503 while the database is read only, and goes on reading', async () => {
    const { token } = await logIn(7)
    const json = { clientId: randomUUID(), examId: 1, question: 1, answer: 'pendant la coupure' }
    const send = () => ask(`${url('courses')}/answers`, { token, json })
    await cluster.query('ALTER DATABASE techcorp SET default_transaction_read_only = on')
    await cluster.endSessions()
    expect(await send()).toMatchObject({ status: 503, body: { error: 'temporarily unavailable' } })
    expect((await ask(`${url('courses')}/courses/1`, { token })).status).toBe(200)
    await cluster.query(
      'BEGIN READ WRITE; ALTER DATABASE techcorp RESET default_transaction_read_only; COMMIT',
    )
    await cluster.endSessions()
    expect((await send()).status).toBe(201)
  })
})
