import { afterAll, expect, it } from 'vitest'
import { lowerLab } from '../../lab/lab.ts'
import { typeLine } from '../doubles/typed-line.ts'
import { programs } from '../unit/docs-typed-lines.ts'
import { describeLab } from './lab-needs.ts'

/** Whole days since 1970: a minute each is dear, so they take turns. */
const day = Math.floor(Date.now() / 86_400_000)

// The demo and the killed night are typed by machines-night.test.ts and night.test.ts.
describeLab('long programs of the pages, cut short', () => {
  afterAll(async () => {
    for (const name of ['cut-campaign', 'bench-files']) await lowerLab(name)
  }, 60_000)

  async function type(line: string): Promise<string> {
    const { exitCode, stdout, stderr } = await typeLine(line, { seconds: 560 })
    expect({ exitCode, said: exitCode === 0 ? '' : stderr }).toEqual({ exitCode: 0, said: '' })
    return stdout
  }

  if (day % 2 === 0)
    it(programs.flatCut.typed, async () => {
      const { cuts, growth } = JSON.parse(await type(programs.flatCut.typed))
      // of one size alone there is nothing to compare
      expect(growth).toBe(0)
      expect(cuts).toEqual({
        tiny: { auth: expect.any(Number), courses: expect.any(Number), files: expect.any(Number) },
      })
    }, 600_000)
  else
    it(programs.bench.typed, async () => {
      const table = await type(programs.bench.typed)
      expect(table).toMatch(/^files-final-delta: medians of 1$/m)
      expect(table).toMatch(/^ {2}Bascule: final delta +\d+\.\d\d s/m)
    }, 600_000)
})
