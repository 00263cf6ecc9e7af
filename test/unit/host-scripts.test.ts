import { execFileSync, spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { script } from '../../src/kinds/kit/script.ts'

const root = join(import.meta.dirname, '../..')
const scripts = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter(path => path.endsWith('.sh'))
  .map(path => join('src', path))
const checked = spawnSync('shellcheck', ['--version']).error === undefined

describe('the scripts for hosts', () => {
  it.each(scripts)('%s is sh or bash and says at its head what it does', path => {
    const text = readFileSync(join(root, path), 'utf8')
    execFileSync(text.startsWith('#!/bin/bash\n') ? 'bash' : 'sh', ['-n', path], { cwd: root })
    expect(text).toMatch(/^#!\/bin\/(ba)?sh\n# /)
  })

  it.skipIf(!checked)(checked ? 'pass shellcheck' : 'pass shellcheck (not installed: bin/setup)', () => {
    const { stdout, status } = spawnSync('shellcheck', scripts, {
      cwd: root,
      encoding: 'utf8',
    })
    expect(stdout).toBe('')
    expect(status).toBe(0)
  })

  it('get values as arguments, by the name of their file', () => {
    const end = script(join(root, 'src/kinds/kit'), 'scripts/end-leftovers.sh')
    expect(end.argv('/srv/files')).toEqual(['sh', '-c', end.text(), 'end-leftovers.sh', '/srv/files'])
  })
})
