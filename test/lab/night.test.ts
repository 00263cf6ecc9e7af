import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, expect, it } from 'vitest'
import { plainFaultNames } from '../../lab/demo/faults.ts'
import { enterStage, type Stage } from '../../lab/demo/stage.ts'
import { readVerdict } from '../../lab/demo/verdict.ts'
import { lowerLab, openLab } from '../../lab/lab.ts'
import { accountOf } from '../../lab/users/account.ts'
import { authorityDatabase } from '../../lab/users/start.ts'
import { exitCodes } from '../../src/model/failure.ts'
import { typeLine } from '../doubles/typed-line.ts'
import { programs } from '../unit/docs-typed-lines.ts'
import { describeLab } from './lab-needs.ts'

/** Whole days since 1970: each day other writes and another fault have their turn. */
const day = Math.floor(Date.now() / 86_400_000)
const [kept, faulty] = ['night-kept', 'night-fault']
const atSource = { records: 4, atSource: 4, atTarget: 0 }
const atTarget = { records: 4, atSource: 0, atTarget: 4 }
let stage: Stage | undefined

const type = (line: string) => typeLine(line, { seconds: 560 })
/** Users see both sides of what happens. */
const quiet = () => wait(4000)

// The commands are those of README.md, docs/lab.md and docs/how-it-works.md, with one more option that cuts them short.
describeLab('TechCorp moves from Montpellier to Toulouse under its users', () => {
  afterAll(async () => {
    await stage?.users.stop().catch(() => {})
    for (const name of [kept, faulty, 'kill-campaign']) await lowerLab(name)
  }, 120_000)

  it('though the program is killed -9 six times; no write lost, none doubled, no step repeated', async () => {
    const { exitCode, stdout, stderr } = await type(programs.killed.typed)
    expect({ exitCode, said: exitCode === 0 ? '' : `${stdout}${stderr}` }).toEqual({ exitCode: 0, said: '' })
    const summary = JSON.parse(stdout)
    expect(summary).toMatchObject({ outcome: 'moved', kills: 6, survived: [], repeated: [], dns: atTarget })
    expect(new Set(summary.writes).size).toBe(6)
    expect(summary.ledger).toMatchObject({ lost: 0, duplicated: 0 })
    expect(summary.ledger.acknowledged).toBeGreaterThan(50)
    expect(Object.keys(summary.cut).sort()).toEqual(['auth', 'courses', 'files'])
    for (const cut of Object.values(summary.cut))
      expect(cut).toMatchObject({ outcome: 'moved', servedAtEnd: true })
  }, 600_000)

  it('in one command, which says what it came to in one JSON document', async () => {
    const { exitCode, stdout, stderr } = await type(`${programs.moved.typed} --name ${kept}`)
    expect({ exitCode, said: exitCode === 0 ? '' : stderr }).toEqual({ exitCode: 0, said: '' })
    const verdict = JSON.parse(stdout)
    expect(verdict).toMatchObject({ outcome: 'moved', trigger: null, dns: atTarget })
    expect(verdict.ledger).toMatchObject({ lost: 0, duplicated: 0 })
    expect(verdict.records).toMatchObject({ different: 0 })
    expect(verdict.records.compared).toBeGreaterThan(1000)
    expect(verdict.files).toMatchObject({ different: 0 })
    expect(verdict.journal.verified).toBe(true)
    expect(verdict.steps.filter((step: { outcome: string }) => step.outcome !== 'done')).toEqual([])
    for (const name of ['auth', 'courses', 'files']) expect(verdict.cut[name].seconds).toBeGreaterThan(0)
  }, 600_000)

  it('and back after users have written at Toulouse: none of their writes is lost', async () => {
    const first = await enterStage(openLab(kept), { size: 'tiny', ledgerName: 'second-users.jsonl' })
    stage = first
    await quiet()
    const { exitCode } = await first.run(
      'rollback',
      '--reason',
      'the trainers cannot work',
      '--yes',
      '--json',
    )
    expect(exitCode).toBe(exitCodes.rolledBack)
    await quiet()
    const verdict = await readVerdict(first)
    expect(verdict).toMatchObject({ outcome: 'rolled-back', dns: atSource })
    expect(verdict.ledger).toMatchObject({ lost: 0, duplicated: 0 })
    expect(verdict.ledger.acknowledged).toBeGreaterThan(10)
    for (const cut of Object.values(verdict.cut))
      expect(cut).toMatchObject({ outcome: 'returned', servedAtEnd: true })
    const ofTheDemo = first.users.ledger.replace('second-users', 'users')
    const sites = { source: first.plan.sites.source.id, target: first.plan.sites.target.id }
    const account = await accountOf(ofTheDemo, authorityDatabase(first.lab, 'montpellier'), sites)
    expect(account.verdict).toMatchObject({ lost: 0, duplicated: 0 })
    expect(account.verdict.acknowledged).toBeGreaterThan(50)
  }, 120_000)

  it('and is made ready again after that without a new copy', async () => {
    expect((await stage?.run('replicate', '--json'))?.exitCode).toBe(exitCodes.ok)
  }, 120_000)

  it('and a night that goes wrong is undone by itself, and reported', async () => {
    const fault = plainFaultNames[day % plainFaultNames.length] ?? ''
    const { exitCode, stdout, stderr } = await type(
      `${programs.undone.typed} ${fault} --lang en --name ${faulty}`,
    )
    const said = exitCode === exitCodes.rolledBack ? '' : `${stdout}${stderr}`
    expect({ fault, exitCode, said }).toEqual({ fault, exitCode: exitCodes.rolledBack, said: '' })
    expect(stdout).toMatch(/writes acknowledged, 0 lost, 0 duplicated/)
    expect(stdout).toContain('4 of 4 at the source, 0 at the target')
  }, 600_000)
})
