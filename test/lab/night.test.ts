import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { doneTwice } from '../../lab/campaign/done-twice.ts'
import { killedNight } from '../../lab/campaign/killed-night.ts'
import { sampleOf, writesOf } from '../../lab/campaign/writes.ts'
import { faultNamed, faultNames } from '../../lab/demo/faults.ts'
import { withTeam } from '../../lab/demo/night.ts'
import { prepare } from '../../lab/demo/prepare.ts'
import { raiseStage, type Stage } from '../../lab/demo/stage.ts'
import { readEntries, readVerdict } from '../../lab/demo/verdict.ts'
import { lowerLab } from '../../lab/lab.ts'
import { exitCodes } from '../../src/model/failure.ts'
import { fold } from '../../src/run/fold.ts'
import { compile } from '../../src/runbook/compile.ts'

const name = 'night-test'
/** Whole days since 1970: each day other writes and another fault have their turn. */
const day = Math.floor(Date.now() / 86_400_000)
const quiet = () => wait(4000)

let stage: Stage

beforeAll(async () => {
  await lowerLab(name)
  // lives of the killed orchestrator cost seconds of the window
  stage = await raiseStage({ name, size: 'tiny', overlay: 'window: {length: 1 h, rollbackReserve: 5 min}\n' })
  await prepare(stage)
}, 240_000)

afterAll(async () => {
  await stage?.users.stop().catch(() => {})
  await lowerLab(name)
})

describe('TechCorp moves from Montpellier to Toulouse under its users', () => {
  it('ends moved though the orchestrator is killed -9 six times; no write lost, none doubled, no step repeated', async () => {
    const { facts } = fold(readEntries(stage.stateDirectory))
    const runbook = compile({ plan: stage.plan, kinds: stage.kinds, mode: 'live', facts })
    const targets = sampleOf(writesOf(runbook), day)
    const { outcome, kills } = await killedNight(stage, targets)
    expect({ outcome, kills: kills.sort() }).toEqual({ outcome: 'moved', kills: targets.sort() })
    await quiet()
    const verdict = await readVerdict(stage)
    expect(verdict.ledger).toMatchObject({ lost: 0, duplicated: 0 })
    expect(verdict.ledger.acknowledged).toBeGreaterThan(50)
    expect(verdict.steps.filter(step => step.outcome !== 'done')).toEqual([])
    expect(verdict.records).toMatchObject({ different: 0 })
    expect(verdict.records.compared).toBeGreaterThan(1000)
    expect(verdict.files).toMatchObject({ different: 0 })
    expect(verdict.dns).toEqual({ records: 4, atSource: 0, atTarget: 4 })
    expect(verdict.journal.verified).toBe(true)
    for (const cut of Object.values(verdict.cut))
      expect(cut).toMatchObject({ outcome: 'moved', servedAtEnd: true })
    expect(doneTwice(readEntries(stage.stateDirectory))).toEqual([])
  })

  it('goes back after users have written at Toulouse, and loses none of their writes', async () => {
    const { exitCode } = await stage.run('rollback', '--reason', 'the trainers cannot work', '--json')
    expect(exitCode).toBe(exitCodes.rolledBack)
    await quiet()
    const verdict = await readVerdict(stage)
    expect(verdict.outcome).toBe('rolled-back')
    expect(verdict.dns).toEqual({ records: 4, atSource: 4, atTarget: 0 })
    expect(verdict.ledger).toMatchObject({ lost: 0, duplicated: 0 })
    for (const cut of Object.values(verdict.cut))
      expect(cut).toMatchObject({ outcome: 'returned', servedAtEnd: true })
  })

  it('is made ready again without a new copy, and undoes a night that goes wrong by itself', async () => {
    const fault = faultNames[day % faultNames.length]
    expect((await stage.run('replicate', '--json')).exitCode).toBe(exitCodes.ok)
    const night = await withTeam(stage, faultNamed(fault), () => stage.run('run', '--at', 'now', '--json'))
    expect({ fault, exitCode: night.exitCode }).toEqual({ fault, exitCode: exitCodes.rolledBack })
    await quiet()
    const verdict = await readVerdict(stage)
    expect(verdict.ledger).toMatchObject({ lost: 0, duplicated: 0 })
    expect(verdict.dns).toEqual({ records: 4, atSource: 4, atTarget: 0 })
    for (const cut of Object.values(verdict.cut)) expect(cut.servedAtEnd).toBe(true)
  })
})
