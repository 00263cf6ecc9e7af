import { expect, it } from 'vitest'
import { programs } from '../helpers/docs-typed-lines.ts'
import { describeLab } from '../helpers/lab-needs.ts'
import { typeLine } from '../helpers/typed-line.ts'

const atTarget = { records: 13, atSource: 0, atTarget: 13 }

// The command is that of docs/lab.md, with one more option that cuts it short. The night that nobody kills, and the way back
// after it, are in machines-night.test.ts.
describeLab('TechCorp moves from Montpellier to Toulouse under its users', () => {
  it('though the program is killed -9 six times; no write lost, none doubled, no step repeated', async () => {
    const { exitCode, stdout, stderr } = await typeLine(programs.killed.typed, { seconds: 1100 })
    expect({ exitCode, said: exitCode === 0 ? '' : `${stdout}${stderr}` }).toEqual({
      exitCode: 0,
      said: '',
    })
    const summary = JSON.parse(stdout)
    expect(summary).toMatchObject({ outcome: 'moved', kills: 6, survived: [], repeated: [], dns: atTarget })
    expect(new Set(summary.writes).size).toBe(6)
    expect(summary.ledger).toMatchObject({ lost: 0, duplicated: 0 })
    expect(summary.ledger.acknowledged).toBeGreaterThan(50)
    expect(Object.keys(summary.cut).sort()).toEqual(['auth', 'courses', 'files'])
    for (const cut of Object.values(summary.cut))
      expect(cut).toMatchObject({ outcome: 'moved', servedAtEnd: true })
  }, 1_150_000)
})
