import { afterAll, expect, it } from 'vitest'
import { plainFaultNames } from '../../lab/demo/faults.ts'
import { lowerLab } from '../../lab/lab.ts'
import { exitCodes } from '../../src/model/failure.ts'
import { typeLine } from '../doubles/typed-line.ts'
import { isTurnOf, ofTheDay } from '../turn-of-the-day.ts'
import { programs } from '../unit/docs-typed-lines.ts'
import { backAsItWas, backAsItWasName } from './back-as-it-was.ts'
import { describeLab } from './lab-needs.ts'

const faulty = 'night-fault'

// The demo and the killed night are typed by machines-night.test.ts and night.test.ts.
describeLab('long trials, and programs of the pages cut short', () => {
  afterAll(async () => {
    for (const name of ['cut-campaign', 'bench-files', faulty, backAsItWasName]) await lowerLab(name)
  }, 60_000)

  const type = (line: string) => typeLine(line, { seconds: 1100 })

  const flatCut = async () => {
    const { exitCode, stdout, stderr } = await type(programs.flatCut.typed)
    expect({ exitCode, said: exitCode === 0 ? '' : stderr }).toEqual({ exitCode: 0, said: '' })
    const { cuts, growth } = JSON.parse(stdout)
    // of one size alone there is nothing to compare
    expect(growth).toBe(0)
    expect(cuts).toEqual({
      tiny: { auth: expect.any(Number), courses: expect.any(Number), files: expect.any(Number) },
    })
  }
  const bench = async () => {
    const { exitCode, stdout, stderr } = await type(programs.bench.typed)
    expect({ exitCode, said: exitCode === 0 ? '' : stderr }).toEqual({ exitCode: 0, said: '' })
    expect(stdout).toMatch(/^files-final-delta: medians of 1$/m)
    expect(stdout).toMatch(/^ {2}Bascule: final delta +\d+\.\d\d s/m)
  }
  /** A night that goes wrong is undone by itself, and reported. */
  const undone = async () => {
    const fault = ofTheDay(plainFaultNames)
    const line = `${programs.undone.typed} ${fault} --lang en --name ${faulty}`
    const { exitCode, stdout, stderr } = await type(line)
    const said = exitCode === exitCodes.rolledBack ? '' : `${stdout}${stderr}`
    expect({ fault, exitCode, said }).toEqual({ fault, exitCode: exitCodes.rolledBack, said: '' })
    expect(stdout).toMatch(/writes acknowledged, 0 lost, 0 duplicated/)
    expect(stdout).toContain('13 of 13 at the source, 0 at the target')
  }
  const trial = ofTheDay([flatCut, undone, backAsItWas, bench, undone])

  it.runIf(isTurnOf('program of the day'))(`the one of the day: ${trial.name}`, trial, 1_150_000)
})
