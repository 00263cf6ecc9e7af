import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, expect, it } from 'vitest'
import type { MachineVerdict } from '../../lab/demo/machines.ts'
import { enterStage, type Stage } from '../../lab/demo/stage.ts'
import { readVerdict } from '../../lab/demo/verdict.ts'
import { lowerLab, openLab } from '../../lab/lab.ts'
import { exitCodes } from '../../src/model/failure.ts'
import { typeLine } from '../doubles/typed-line.ts'
import { describeLab } from './lab-needs.ts'

const name = 'machines-night'
let stage: Stage | undefined

describeLab('TechCorp’s two virtual machines move, and move back', () => {
  afterAll(async () => {
    await stage?.users.stop().catch(() => {})
    await lowerLab(name)
  }, 120_000)

  it('with their disks, by what changed alone; sessions kept on a disk are still open', async () => {
    const line = `npm run demo -- --json --keep --size tiny --name ${name}`
    const { exitCode, stdout, stderr } = await typeLine(line, { seconds: 580 })
    expect({ exitCode, said: exitCode === 0 ? '' : stderr.slice(-4000) }).toEqual({ exitCode: 0, said: '' })
    const verdict = JSON.parse(stdout)
    expect(verdict).toMatchObject({ outcome: 'moved', dns: { records: 4, atSource: 0, atTarget: 4 } })
    expect(verdict.ledger).toMatchObject({ lost: 0, duplicated: 0 })
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
  }, 600_000)

  it('and come home with what was written on them at Toulouse', async () => {
    stage = await enterStage(openLab(name), { size: 'tiny', rate: 8, ledgerName: 'second-users.jsonl' })
    await wait(12_000)
    const { exitCode } = await stage.run(
      'rollback',
      '--reason',
      'the trainers cannot work',
      '--yes',
      '--json',
    )
    expect(exitCode).toBe(exitCodes.rolledBack)
    await wait(6000)
    const users = await stage.users.stop()
    const verdict = await readVerdict(stage)
    expect(verdict).toMatchObject({ outcome: 'rolled-back', dns: { records: 4, atSource: 4, atTarget: 0 } })
    expect(verdict.ledger).toMatchObject({ lost: 0, duplicated: 0 })
    expect(verdict.ledger.acknowledged).toBeGreaterThan(0)
    // opened at Toulouse, and on the disk that came back
    expect(users.sessionsLost).toBe(0)
    for (const cut of Object.values(verdict.cut)) expect(cut.servedAtEnd).toBe(true)
  }, 300_000)
})
