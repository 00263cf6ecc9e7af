import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { seedDatabase } from '../../lab/estate/seed/database.ts'
import { seedFiles } from '../../lab/estate/seed/files.ts'
import { type Account, accountOf } from '../../lab/users/account.ts'
import { type LedgerEntry, readLedger, type Summary } from '../../lab/users/ledger.ts'
import { EstateCluster } from '../helpers/estate-cluster.ts'
import { type Edge, type NameServer, openEdge, openNames } from '../helpers/estate-edge.ts'
import { type Program, startProgram, stopProgram } from '../helpers/estate-programs.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'
import { until } from '../helpers/until.ts'

const sites = { source: 'montpellier', target: 'toulouse' }
const main = fileURLToPath(new URL('../../lab/users/main.ts', import.meta.url))

describe.skipIf(process.getuid?.() !== 0)('simulated users and their judge', () => {
  const directory = temporaryFolder('estate-users')
  const files = join(directory, 'files')
  const programs: Program[] = []
  const edges: Edge[] = []
  const started: ChildProcess[] = []
  let cluster: EstateCluster
  let names: NameServer

  // Two sites in front of one database: what users see of a move whose data has already followed.
  beforeAll(async () => {
    cluster = await EstateCluster.create()
    await seedDatabase(cluster.connection, 'tiny')
    await seedFiles(files, 'tiny')
    names = await openNames('127.0.0.1')
    for (const [site, address] of [
      ['montpellier', '127.0.0.1'],
      ['toulouse', '127.0.0.2'],
    ] as const) {
      const edge = await openEdge(site, address, edges[0]?.port ?? 0, files)
      const environment = { ...cluster.environment, SITE: site, FILES_URL: `http://${address}:${edge.port}` }
      for (const service of ['auth', 'courses'] as const) {
        const program = await startProgram(`estate/${service}`, environment)
        programs.push(program)
        edge.backends[service] = program.url
      }
      edges.push(edge)
    }
  })

  // Those of a test that has failed.
  afterEach(() => {
    for (const users of started.splice(0)) users.kill('SIGKILL')
  })

  afterAll(async () => {
    for (const program of programs) await stopProgram(program)
    for (const edge of edges) await edge.close()
    names?.close()
    await cluster?.remove()
  })

  function startUsers(ledger: string): ChildProcess {
    const options = {
      resolver: `127.0.0.1:${names.port}`,
      ledger,
      rate: '60',
      people: '60',
      size: 'tiny',
      port: String(edges[0]?.port),
      'timeout-seconds': '2',
    }
    const argv = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value])
    const users = spawn(process.execPath, [main, ...argv], { stdio: ['ignore', 'pipe', 'inherit'] })
    started.push(users)
    return users
  }

  async function stopUsers(users: ChildProcess): Promise<Summary> {
    users.kill('SIGTERM')
    return JSON.parse(await text(users.stdout as NonNullable<typeof users.stdout>))
  }

  async function count(ledger: string, wanted: (entry: LedgerEntry) => boolean): Promise<number> {
    let found = 0
    if (existsSync(ledger)) for await (const entry of readLedger(ledger)) if (wanted(entry)) found += 1
    return found
  }

  const servedBy = (site: string) => (entry: LedgerEntry) =>
    entry.kind === 'acknowledged' && entry.site === site
  const setMaintenance = (site: string, up: boolean) => {
    for (const name of ['auth', 'courses', 'files'])
      edges.find(edge => edge.site === site)?.maintenance[up ? 'add' : 'delete'](name)
  }
  const close = (site: string) => setMaintenance(site, true)
  const reopen = (site: string) => setMaintenance(site, false)
  const judged = (ledger: string): Promise<Account> => accountOf(ledger, cluster.connection, sites)

  it('sees a move: nothing lost or doubled, sessions carried over, the cut of every service', async () => {
    const ledger = join(directory, 'move.jsonl')
    close('toulouse')
    const users = startUsers(ledger)
    await until(async () => (await count(ledger, servedBy('montpellier'))) >= 30)
    close('montpellier')
    await until(async () => (await count(ledger, isMaintenance)) >= 30)
    names.address = '127.0.0.2'
    reopen('toulouse')
    await until(async () => (await count(ledger, servedBy('toulouse'))) >= 30)
    await until(async () => (await count(ledger, entry => entry.kind === 'session-carried')) >= 20)
    const summary = await stopUsers(users)
    const { verdict, cuts, availability } = await judged(ledger)

    expect(verdict).toMatchObject({ lost: 0, duplicated: 0, lostIds: [], duplicatedIds: [] })
    expect(verdict.acknowledged).toBe(summary.acknowledged)
    expect(verdict.acknowledged).toBeGreaterThanOrEqual(60)
    expect(availability.sessionsLost).toBe(0)
    for (const service of ['auth', 'courses', 'files'] as const) {
      expect(cuts[service]).toMatchObject({ outcome: 'moved', servedAtEnd: true, stragglersAtSource: 0 })
      expect(cuts[service]?.seconds).toBeGreaterThan(0)
      expect(Object.keys(availability.services[service]?.failures ?? {})).toEqual(['maintenance'])
    }
    // Names are asked for once a TTL, not once a request.
    expect(names.asked).toBeLessThan((availability.services.auth?.requests ?? 0) / 2)
  })

  it('sees a rollback: served, closed, served again by the source', async () => {
    const ledger = join(directory, 'rollback.jsonl')
    names.address = '127.0.0.1'
    reopen('montpellier')
    const users = startUsers(ledger)
    await until(async () => (await count(ledger, servedBy('montpellier'))) >= 20)
    close('montpellier')
    await until(async () => (await count(ledger, isMaintenance)) >= 20)
    const before = await count(ledger, servedBy('montpellier'))
    reopen('montpellier')
    await until(async () => (await count(ledger, servedBy('montpellier'))) >= before + 20)
    await stopUsers(users)
    const { verdict, cuts } = await judged(ledger)
    expect(verdict).toMatchObject({ lost: 0, duplicated: 0 })
    expect(cuts.courses?.outcome).toBe('returned')
    expect(cuts.courses?.seconds).toBeGreaterThan(0)
  })

  it('finds what is wrong: a changed file, a lost session, a deleted row, a doubled row', async () => {
    const ledger = join(directory, 'faults.jsonl')
    const users = startUsers(ledger)
    await until(async () => (await count(ledger, servedBy('montpellier'))) >= 30)
    // Judged again and again while they write: what is on its way is neither lost nor doubled.
    for (let time = 0; time < 5; time += 1)
      expect((await judged(ledger)).verdict).toMatchObject({ lost: 0, duplicated: 0 })
    rmSync(files, { recursive: true })
    await seedFiles(files, { databaseBytes: 5e6, files: 100, fileBytes: 2e6 })
    await cluster.query('DELETE FROM sessions WHERE account_id <= 60')
    await until(async () => (await count(ledger, isWrongContent)) >= 3)
    await until(async () => (await count(ledger, entry => entry.kind === 'session-lost')) >= 3)
    // Killed, not stopped: all that was acknowledged is in the ledger nevertheless.
    const exited = once(users, 'exit')
    users.kill('SIGKILL')
    await exited
    const { availability, verdict } = await judged(ledger)
    expect(verdict).toMatchObject({ lost: 0, duplicated: 0 })
    expect(availability.sessionsLost).toBeGreaterThanOrEqual(3)
    expect(availability.services.files?.wrongContent).toBeGreaterThanOrEqual(3)

    const [first, second] = await acknowledgedAnswers(ledger)
    await cluster.query('DELETE FROM answers WHERE client_id = $1', [first])
    await cluster.query('ALTER TABLE answers DROP CONSTRAINT answers_client_id_key')
    await cluster.query(
      `INSERT INTO answers (client_id, account_id, exam_id, question, answer)
       SELECT client_id, account_id, exam_id, question, answer FROM answers WHERE client_id = $1`,
      [second],
    )
    const after = (await judged(ledger)).verdict
    expect(after).toMatchObject({ acknowledged: verdict.acknowledged, lost: 1, duplicated: 1 })
    expect(after.lostIds[0]).toMatchObject({ table: 'answers', clientId: first, site: 'montpellier' })
    expect(after.duplicatedIds).toEqual([{ table: 'answers', clientId: second, rows: 2 }])
  })

  async function acknowledgedAnswers(ledger: string): Promise<string[]> {
    const ids: string[] = []
    for await (const entry of readLedger(ledger))
      if (entry.kind === 'acknowledged' && entry.table === 'answers') ids.push(entry.clientId)
    return ids
  }
})

const isMaintenance = (entry: LedgerEntry) => entry.kind === 'request' && entry.outcome === 'maintenance'
const isWrongContent = (entry: LedgerEntry) => entry.kind === 'request' && entry.outcome === 'wrong-content'
