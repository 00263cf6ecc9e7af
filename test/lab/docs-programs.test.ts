import { expect, it } from 'vitest'
import { exitCodes } from '../../src/model/failure.ts'
import { programs } from '../helpers/docs-typed-lines.ts'
import { describeLab } from '../helpers/lab-needs.ts'
import { typeLine } from '../helpers/typed-line.ts'

// The demo and the killed night are typed by machines-night.test.ts and night.test.ts.
describeLab('the long programs of the pages, cut short', () => {
  const type = (line: string) => typeLine(line, { seconds: 1100 })

  it('the cut does not grow with the data', async () => {
    const { exitCode, stdout, stderr } = await type(programs.flatCut.typed)
    expect({ exitCode, said: exitCode === 0 ? '' : stderr }).toEqual({ exitCode: 0, said: '' })
    const { nights, growth } = JSON.parse(stdout)
    // of one size alone there is nothing to compare
    expect(growth).toBe(0)
    const seconds: unknown = expect.any(Number)
    expect(nights).toEqual({
      tiny: { services: { auth: seconds, courses: seconds, files: seconds }, resolversSeconds: seconds },
    })
  }, 1_150_000)

  it('a night among mixed faults comes to an end that holds', async () => {
    const { exitCode, stdout, stderr } = await type(programs.mixedFaults.typed)
    expect({ exitCode, said: exitCode === 0 ? '' : stderr }).toEqual({ exitCode: 0, said: '' })
    expect(JSON.parse(stdout)).toMatchObject({ lost: 0, duplicated: 0, failed: [], nights: [{ seed: 1 }] })
  }, 1_150_000)

  it('the bench measures a final delta', async () => {
    const { exitCode, stdout, stderr } = await type(programs.bench.typed)
    expect({ exitCode, said: exitCode === 0 ? '' : stderr }).toEqual({ exitCode: 0, said: '' })
    expect(stdout).toMatch(/^files-final-delta: medians of 1$/m)
    expect(stdout).toMatch(/^ {2}Bascule: final delta +\d+\.\d\d s/m)
  }, 1_150_000)

  it('a night that goes wrong is undone by itself, and reported', async () => {
    const line = `${programs.undone.typed} --lang en`
    const { exitCode, stdout, stderr } = await type(line)
    const said = exitCode === exitCodes.rolledBack ? '' : `${stdout}${stderr}`
    expect({ exitCode, said }).toEqual({ exitCode: exitCodes.rolledBack, said: '' })
    expect(stdout).toMatch(/writes acknowledged, 0 lost, 0 duplicated/)
    expect(stdout).toContain('13 records: 13 at the source, 0 at the target')
  }, 1_150_000)
})
