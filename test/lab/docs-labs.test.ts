import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { labStatus, lowerLab, ownName } from '../../lab/lab.ts'
import { root } from '../helpers/docs-pages.ts'
import { labLines } from '../helpers/docs-typed-lines.ts'
import { describeLab } from '../helpers/lab-needs.ts'
import { typeLine } from '../helpers/typed-line.ts'

/** On the pages; each is made this run's own. */
const names = ['trial', 'slow', 'mine']
const named = new RegExp(`\\b(${names.join('|')})\\b`)

describeLab('laboratories, as they are typed on the pages', () => {
  const lowerAll = async () => {
    for (const name of names) await lowerLab(ownName(name))
  }
  afterAll(lowerAll)

  it.each(labLines)('$line', async ({ line, more }) => {
    const own = line.replace(named, name => ownName(name))
    const typed = `${own.replace(/^sudo /, '')} ${more ?? ''}`
    const env = { ...process.env, PATH: `${join(root, 'bin')}:${process.env.PATH}` }
    const { exitCode, stdout, stderr } = await typeLine(typed, { env, seconds: 600 })
    expect({ exitCode, said: exitCode === 0 ? '' : stderr }).toEqual({ exitCode: 0, said: '' })
    const [, verb, name = ''] = /lab (up|down) --name (\S+)/.exec(own) ?? []
    if (verb !== undefined) expect(labStatus(name).state).toBe(verb === 'up' ? 'up' : 'absent')
    if (line.startsWith('ssh ')) expect(stdout).toBe('montpellier-database\n')
  })
})
