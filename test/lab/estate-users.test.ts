import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { enterArgv } from '../../lab/enter.ts'
import { lowerLab, ownName, raiseLab } from '../../lab/lab.ts'
import { publicAddress, withoutMachines } from '../../lab/topology.ts'
import { startTrainers } from '../../lab/trainers/start.ts'
import type { Lab } from '../../lab/types.ts'
import { accountOf, readLedgers } from '../../lab/users/account.ts'
import { since } from '../../lab/users/failures.ts'
import { type LedgerEntry, readLedger } from '../../lab/users/ledger.ts'
import { authorityDatabase, startUsers } from '../../lab/users/start.ts'
import { describeLab } from '../helpers/lab-needs.ts'
import { until } from '../helpers/until.ts'

const name = ownName('estate-users')
const sites = { source: 'montpellier', target: 'toulouse' }

describeLab('users in the laboratory', () => {
  let lab: Lab
  beforeAll(async () => {
    lab = await raiseLab({ name, size: 'tiny', linkMbps: 200, parts: withoutMachines })
  })
  afterAll(async () => {
    await lowerLab(name)
  })

  const count = async (ledger: string, wanted: (entry: LedgerEntry) => boolean) => {
    let found = 0
    if (existsSync(ledger)) for await (const entry of readLedger(ledger)) if (wanted(entry)) found += 1
    return found
  }
  const runIn = (host: string, ...argv: string[]) => {
    const [file = '', ...rest] = enterArgv(lab, host, argv)
    return execFileSync(file, rest, { encoding: 'utf8' })
  }

  it('are served by Montpellier alone, see its maintenance page as such, and lose nothing', async () => {
    const services = ['auth', 'courses', 'files'] as const
    const users = startUsers(lab, { size: 'tiny', rate: 40, services })
    const acknowledged = (entry: LedgerEntry) => entry.kind === 'acknowledged'
    const closed = (entry: LedgerEntry) => entry.kind === 'request' && entry.outcome === 'maintenance'
    await until(async () => (await count(users.ledger, acknowledged)) >= 20)
    runIn('montpellier-gateway', 'touch', '/etc/estate/maintenance/courses')
    await until(async () => (await count(users.ledger, closed)) >= 10)
    const before = await count(users.ledger, acknowledged)
    runIn('montpellier-gateway', 'rm', '/etc/estate/maintenance/courses')
    await until(async () => (await count(users.ledger, acknowledged)) >= before + 20)
    const summary = await users.stop()

    const { verdict, cuts, availability } = await accountOf(
      users.ledger,
      authorityDatabase(lab, 'montpellier'),
      sites,
    )
    expect(verdict).toMatchObject({ lost: 0, duplicated: 0, acknowledged: summary.acknowledged })
    expect(availability).toMatchObject({ sessionsLost: 0, sessionsCarried: 0 })
    expect(Object.keys(availability.services).sort()).toEqual([...services].sort())
    expect(cuts.courses?.outcome).toBe('returned')
    for (const service of ['auth', 'files'] as const) {
      expect(availability.services[service]?.failures).toEqual({})
      expect(cuts[service]).toMatchObject({ outcome: 'unbroken', seconds: 0 })
    }
    expect(await count(users.ledger, entry => entry.kind === 'request' && entry.site !== 'montpellier')).toBe(
      0,
    )
    expect(runIn('internet-users', 'sh', '-c', 'pgrep -fc "[l]ab/users/main.ts"; true').trim()).toBe('0')
  })

  it('come in two crowds, one behind a resolver that keeps what it knew for a day, and are judged as one', async () => {
    const crowd = { size: 'tiny', rate: 20, people: 40 } as const
    const crowds = [
      startUsers(lab, { ...crowd, ledgerName: 'honest.jsonl' }),
      startUsers(lab, {
        ...crowd,
        firstPerson: 41,
        resolver: 'internet-stubborn',
        ledgerName: 'stubborn.jsonl',
      }),
    ]
    const acknowledged = (entry: LedgerEntry) => entry.kind === 'acknowledged'
    const ledgers = crowds.map(({ ledger }) => ledger)
    for (const ledger of ledgers) await until(async () => (await count(ledger, acknowledged)) >= 5)
    const summaries = await Promise.all(crowds.map(crowd => crowd.stop()))

    const { verdict } = await accountOf(ledgers, authorityDatabase(lab, 'montpellier'), sites)
    const all = summaries.reduce((sum, summary) => sum + summary.acknowledged, 0)
    expect(verdict).toMatchObject({ lost: 0, duplicated: 0, acknowledged: all })
    const met = await since((await readLedgers(ledgers))(), '2000-01-01T00:00:00Z')
    expect(met.failed).toEqual([])
    expect(met.addresses).toEqual({ [publicAddress(lab.index, 'montpellier')]: met.requests })
    const people = async (ledger: string) =>
      (await Array.fromAsync(readLedger(ledger))).flatMap(entry => ('user' in entry ? [entry.user] : []))
    const [honest = [], stubborn = []] = await Promise.all(ledgers.map(people))
    expect(Math.max(...honest)).toBeLessThan(41)
    expect(Math.min(...stubborn)).toBe(41)
  })

  it('of the dashboard come through the VPN alone, and find it by the view inside', async () => {
    const trainers = await startTrainers(lab)
    await until(async () => {
      const summary = await trainers.summary()
      return Object.values(summary).every(({ reached, tried }) => reached >= 2 && tried >= 6)
    })
    for (const trainer of Object.values(await trainers.stop()))
      expect(trainer).toMatchObject({ failed: 0, leaks: 0, sites: { montpellier: trainer.reached } })
  })

  it('say why they could not come', async () => {
    const users = startUsers(lab, { size: 'tiny', rate: 0, ledgerName: 'none.jsonl' })
    await expect(users.stop()).rejects.toThrow('the users ended with 2: --rate 0: expected')
  })
})
