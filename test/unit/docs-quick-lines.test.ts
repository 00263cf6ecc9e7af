import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { blocksOf, pageNamed, root } from '../helpers/docs-pages.ts'
import { type Place, type QuickLine, quickLines } from '../helpers/docs-typed-lines.ts'
import { examplePlan, moved, stateWith, waitingAtGo } from '../helpers/state-directory.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'
import { typeLine } from '../helpers/typed-line.ts'

const home = temporaryFolder('typed')
const path = [join(root, 'bin'), join(root, 'node_modules/.bin'), process.env.PATH].join(':')
const within = (name: string): string => {
  mkdirSync(join(home, name), { recursive: true })
  return join(home, name)
}
/** What comes and goes, or is of this machine alone. */
const isOwn = (file: string): boolean => !['.git', 'node_modules', 'coverage'].includes(basename(file))

function copyTheProject(): void {
  for (const name of ['original', 'copy']) {
    cpSync(root, join(home, name), { recursive: true, filter: isOwn })
    symlinkSync(join(root, 'node_modules'), join(home, name, 'node_modules'))
  }
}

type Setting = { cwd: string; env?: Record<string, string> }
const migration = (name: string): Setting => ({
  cwd: within(name),
  env: { BASCULE_PLAN: examplePlan, BASCULE_STATE: join(home, `${name}-state`) },
})
const settings: Record<Place, () => Setting> = {
  empty: () => ({ cwd: within('empty') }),
  'small plan': () => ({ cwd: within('small') }),
  project: () => ({ cwd: root }),
  copy: () => ({ cwd: join(home, 'copy'), env: { ORIGINAL: join(home, 'original') } }),
  'at go': () => migration('at-go'),
  moved: () => migration('moved'),
}

beforeAll(async () => {
  const yaml = blocksOf(pageNamed('docs/write-a-plan.md')).filter(block => block.language === 'yaml')
  const plan = yaml.find(block => block.mark === 'plan')?.text ?? ''
  writeFileSync(join(within('small'), 'plan.yaml'), plan)
  writeFileSync(join(within('small'), 'rehearsal.yaml'), yaml.at(-1)?.text ?? '')
  await stateWith(join(home, 'at-go-state'), waitingAtGo)
  await stateWith(join(home, 'moved-state'), moved)
  copyTheProject()
})

async function type({ line, place, afterwards, instead = ['', ''] }: QuickLine) {
  const { cwd, env } = settings[place]()
  const typed = line.replace(...instead)
  return typeLine(afterwards === undefined ? typed : `${typed}\nset -e\n${afterwards}`, {
    cwd,
    env: { PATH: path, HOME: home, USER: 'marie', LANG: 'C.UTF-8', ...env },
    seconds: 600,
  })
}

test.each(quickLines.map(quick => [quick.line, quick] as const))('%s', async (_, quick) => {
  const { exitCode, stdout, stderr } = await type(quick)
  const { endsWith = 0 } = quick
  const said = exitCode === endsWith ? '' : `${stdout}${stderr}`
  expect({ exitCode, said }).toEqual({ exitCode: endsWith, said: '' })
  // exit code 11: left for the program that carries the run out, and told so
  if (endsWith === 11) expect(stdout).toContain('Stored: ')
})
