import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

const root = join(import.meta.dirname, '../..')

it('what a file of tests makes is gone when they have ended, though they fail; what a killed one left, too', async () => {
  const home = temporaryFolder('folders')
  // The kernel's largest number of a process is below it.
  const ofDead = join(home, 'bascule-test-4194305-any-abcdef')
  const ofLiving = join(home, `bascule-test-${process.pid}-any-abcdef`)
  for (const folder of [ofDead, ofLiving]) mkdirSync(join(folder, 'deep'), { recursive: true })
  const file = join(home, 'failing.test.ts')
  writeFileSync(
    file,
    `import { writeFileSync } from 'node:fs'
     import { expect, it } from ${JSON.stringify(join(root, 'node_modules/vitest/dist/index.js'))}
     import { temporaryFolder } from ${JSON.stringify(join(root, 'test/helpers/temporary-folder.ts'))}
     it('fails', () => {
       const folder = temporaryFolder('failing')
       writeFileSync(folder + '/file', '')
       writeFileSync(${JSON.stringify(join(home, 'told'))}, folder)
       expect(folder).toBe('another')
     })`,
  )
  const argv = ['run', '--root', home, 'failing.test.ts']
  const ended = await execa(join(root, 'node_modules/.bin/vitest'), argv, {
    env: { TMPDIR: home },
    reject: false,
  })
  const told = readFileSync(join(home, 'told'), 'utf8')
  expect(ended.stdout).toContain('1 failed')
  expect(told).toContain('-failing-')
  expect([told, ofDead, ofLiving].map(folder => existsSync(folder))).toEqual([false, false, true])
})
