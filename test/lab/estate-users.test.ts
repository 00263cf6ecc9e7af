import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { enterArgv } from '../../lab/enter.ts'
import { lowerLab, raiseLab } from '../../lab/lab.ts'
import { withoutMachines } from '../../lab/topology.ts'
import type { Lab } from '../../lab/types.ts'
import { accountOf } from '../../lab/users/account.ts'
import { type LedgerEntry, readLedger } from '../../lab/users/ledger.ts'
import { authorityDatabase, startUsers } from '../../lab/users/start.ts'
import { until } from '../contract/estate-programs.ts'
import { describeLab } from './lab-needs.ts'

const name = 'estate-users'
const sites = { source: 'montpellier', target: 'toulouse' }

describeLab('users in the laboratory', { timeout: 120_000 }, () => {
  let lab: Lab
  beforeAll(async () => {
    lab = await raiseLab({ name, size: 'tiny', linkMbps: 200, parts: withoutMachines })
  }, 180_000)
  afterAll(async () => {
    await lowerLab(name)
  }, 60_000)

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
    await until(async () => (await count(users.ledger, acknowledged)) >= 20, 60)
    runIn('montpellier-gateway', 'touch', '/etc/estate/maintenance/courses')
    await until(async () => (await count(users.ledger, closed)) >= 10, 30)
    const before = await count(users.ledger, acknowledged)
    runIn('montpellier-gateway', 'rm', '/etc/estate/maintenance/courses')
    await until(async () => (await count(users.ledger, acknowledged)) >= before + 20, 60)
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

  it('say why they could not come', async () => {
    const users = startUsers(lab, { size: 'tiny', rate: 0, ledgerName: 'none.jsonl' })
    await expect(users.stop()).rejects.toThrow('the users ended with 2: --rate 0: expected')
  })
})
