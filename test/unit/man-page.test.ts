import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { manPage } from '../../src/cli/man-page.ts'
import { named } from '../../src/cli/reference.ts'
import { exitCodes } from '../../src/model/failure.ts'

const isThere = spawnSync('mandoc', ['-V'], { input: '' }).error === undefined

describe.each(['en', 'fr'] as const)('the manual page, %s', language => {
  const page = manPage(language, '2026-01-01')

  it('has every command, option and exit code of the command line', () => {
    for (const { words, verb } of named()) {
      const at = page.indexOf(`.SS "bascule ${words.replaceAll('-', '\\-')}`)
      expect(at, words).toBeGreaterThan(0)
      const own = page.slice(at, page.indexOf('\n.S', at + 1))
      for (const { flags } of verb.options ?? []) expect(own).toContain(`.B "${flags.replaceAll('-', '\\-')}`)
    }
    for (const code of Object.values(exitCodes)) expect(page).toContain(`\n.TP\n.B "${code}"\n`)
  })

  it.skipIf(!isThere)(
    isThere ? 'is good for mandoc' : 'is good for mandoc (not installed: bin/setup)',
    () => {
      const { stdout, status } = spawnSync('mandoc', ['-Tlint', '-Wwarning'], {
        input: page,
        encoding: 'utf8',
      })
      expect([status, stdout]).toEqual([0, ''])
    },
  )

  it('shows what is typed with hyphens, and a line that begins with a point as text', () => {
    expect(page).toContain('\n.B "\\-\\-no\\-input"\n')
    expect(page).not.toMatch(/^\.(?!TH|SH|SS|TP|PP|EX|EE|B |BR )/m)
  })
})
