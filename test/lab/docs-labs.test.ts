import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { labStatus, lowerLab } from '../../lab/lab.ts'
import { typeLine } from '../doubles/typed-line.ts'
import { root } from '../unit/docs-pages.ts'
import { labLines } from '../unit/docs-typed-lines.ts'
import { describeLab } from './lab-needs.ts'

const names = ['trial', 'slow', 'mine']

describeLab('laboratories, as they are typed on the pages', () => {
  const lowerAll = async () => {
    for (const name of names) await lowerLab(name)
  }
  beforeAll(lowerAll, 60_000)
  afterAll(lowerAll, 60_000)

  it.each(labLines)(
    '$line',
    async ({ line, more }) => {
      const typed = `${line.replace(/^sudo /, '')} ${more ?? ''}`
      const env = { ...process.env, PATH: `${join(root, 'bin')}:${process.env.PATH}` }
      const { exitCode, stdout, stderr } = await typeLine(typed, { env, seconds: 100 })
      expect({ exitCode, said: exitCode === 0 ? '' : stderr }).toEqual({ exitCode: 0, said: '' })
      const [, verb, name = ''] = /lab (up|down) --name (\w+)/.exec(line) ?? []
      if (verb !== undefined) expect(labStatus(name).state).toBe(verb === 'up' ? 'up' : 'absent')
      if (line.startsWith('ssh ')) expect(stdout).toBe('montpellier-database\n')
    },
    120_000,
  )
})
