import { afterAll, expect, it } from 'vitest'
import { plainFaultNames } from '../../lab/demo/faults.ts'
import { lowerLab } from '../../lab/lab.ts'
import { exitCodes } from '../../src/model/failure.ts'
import { typeLine } from '../doubles/typed-line.ts'
import { programs } from '../unit/docs-typed-lines.ts'
import { describeLab } from './lab-needs.ts'

/** Whole days since 1970: each day other writes and another fault have their turn. */
const day = Math.floor(Date.now() / 86_400_000)
const faulty = 'night-fault'
const atTarget = { records: 4, atSource: 0, atTarget: 4 }

const type = (line: string) => typeLine(line, { seconds: 560 })

// The commands are those of README.md, docs/lab.md and docs/how-it-works.md, with one more option that cuts them short. The
// night without a fault, and the way back after it, are in machines-night.test.ts.
describeLab('TechCorp moves from Montpellier to Toulouse under its users', () => {
  afterAll(async () => {
    for (const name of [faulty, 'kill-campaign']) await lowerLab(name)
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
