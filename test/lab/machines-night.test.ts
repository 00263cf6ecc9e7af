import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, expect, it } from 'vitest'
import type { MachineVerdict } from '../../lab/demo/machines.ts'
import { lookingAgain } from '../../lab/demo/prepare.ts'
import { enterStage, type Stage } from '../../lab/demo/stage.ts'
import { stopUsers } from '../../lab/demo/stop-users.ts'
import { readVerdict } from '../../lab/demo/verdict.ts'
import { lowerLab, openLab, ownName } from '../../lab/lab.ts'
import { accountOf } from '../../lab/users/account.ts'
import { authorityDatabase } from '../../lab/users/start.ts'
import { exitCodes } from '../../src/model/failure.ts'
import { programs } from '../helpers/docs-typed-lines.ts'
import { describeLab } from '../helpers/lab-needs.ts'
import { typeLine } from '../helpers/typed-line.ts'

const name = ownName('machines-night')
let stage: Stage | undefined

// The whole of it, as README.md has it typed; what machines are not the point of is in night.test.ts, without them.
describeLab('TechCorp moves with its two virtual machines, and moves back', () => {
  afterAll(async () => {
    await stage?.users.stop().catch(() => {})
    await lowerLab(name)
  })

  it('in one command, which says what it came to in one JSON document', async () => {
    const { exitCode, stdout, stderr } = await typeLine(`${programs.moved.typed} --name ${name}`, {
      seconds: 1100,
    })
    expect({ exitCode, said: exitCode === 0 ? '' : stderr.slice(-4000) }).toEqual({ exitCode: 0, said: '' })
    const verdict = JSON.parse(stdout)
    const dns = { records: 13, atSource: 0, atTarget: 13 }
    expect(verdict).toMatchObject({ outcome: 'moved', trigger: null, dns })
    expect(verdict.ledger).toMatchObject({ lost: 0, duplicated: 0 })
    expect(verdict.records).toMatchObject({ different: 0 })
    expect(verdict.records.compared).toBeGreaterThan(1000)
    expect(verdict.files).toMatchObject({ different: 0 })
    expect(verdict.journal.verified).toBe(true)
    expect(verdict.steps.filter((step: { outcome: string }) => step.outcome !== 'done')).toEqual([])
    for (const service of ['auth', 'courses', 'files'])
      expect(verdict.cut[service].seconds).toBeGreaterThan(0)
    // sessions are kept on a disk that came along
    expect(verdict.users.sessionsLost).toBe(0)
    expect(verdict.users.sessionsCarried).toBeGreaterThan(0)
    const machines = verdict.machines as MachineVerdict[]
    expect(machines.map(({ id, way, contentsEqual }) => [id, way, contentsEqual])).toEqual([
      ['auth-machine', 'seed-and-delta', true],
      ['courses-machine', 'seed-and-delta', true],
    ])
    for (const { imageBytes, deltaBytes, cutSeconds } of machines) {
      expect(imageBytes).toBeGreaterThan(100e6)
      expect(deltaBytes).toBeLessThan(5e6)
      expect(cutSeconds).toBeGreaterThan(0)
    }
  }, 1_150_000)

  it('and back after users have written at Toulouse: none of their writes is lost, in the database or on a disk', async () => {
    const again = await enterStage(openLab(name), { size: 'tiny', rate: 8, ledgerName: 'second-users.jsonl' })
    stage = again
    await wait(12_000)
    const { exitCode } = await again.run(
      'rollback',
      '--reason',
      'the trainers cannot work',
      '--yes',
      '--json',
    )
    expect(exitCode).toBe(exitCodes.rolledBack)
    const users = await stopUsers(again.users)
    const verdict = await readVerdict(again)
    expect(verdict).toMatchObject({ outcome: 'rolled-back', dns: { records: 13, atSource: 13, atTarget: 0 } })
    expect(verdict.ledger).toMatchObject({ lost: 0, duplicated: 0 })
    expect(verdict.ledger.acknowledged).toBeGreaterThan(0)
    // opened at Toulouse, and on the disk that came back
    expect(users.sessionsLost).toBe(0)
    for (const cut of Object.values(verdict.cut))
      expect(cut).toMatchObject({ outcome: 'returned', servedAtEnd: true })
    const ofTheDemo = again.users.ledger.replace('second-users', 'users')
    const sites = { source: again.plan.sites.source.id, target: again.plan.sites.target.id }
    const account = await accountOf(ofTheDemo, authorityDatabase(again.lab, 'montpellier'), sites)
    expect(account.verdict).toMatchObject({ lost: 0, duplicated: 0 })
    expect(account.verdict.acknowledged).toBeGreaterThan(50)
  }, 1_150_000)

  it('and is made ready again after that', async () => {
    const { run } = stage ?? expect.fail('the night before has not begun')
    expect((await lookingAgain(() => run('replicate', '--json'))).exitCode).toBe(exitCodes.ok)
  })
})
