import { expect, it } from 'vitest'
import { CommandContext } from '../../src/cli/command-context.ts'
import { readGlobalOptions } from '../../src/cli/global-options.ts'
import { showError } from '../../src/cli/show-error.ts'
import type { Finding } from '../../src/model/fact.ts'
import { refuseBlocked } from '../../src/run/may-start.ts'

const warning: Finding = { id: 'w', component: 'auth', level: 'warn', text: { key: 'run.notPrepared' } }
const blocking: Finding = {
  id: 'database.foreign-data',
  component: 'database',
  level: 'block',
  text: { key: 'run.none' },
  remedy: { key: 'run.none.remedy' },
}

function shown(findings: Finding[], typed: Record<string, unknown>) {
  let [stdout, stderr] = ['', '']
  const streams = {
    stdout: { write: (text: string) => (stdout += text) },
    stderr: { write: (text: string) => (stderr += text) },
  }
  const desk = new CommandContext(readGlobalOptions(typed, {}), 'en', 'bascule', streams, {})
  try {
    refuseBlocked(findings)
    return { exitCode: 0, stdout, stderr }
  } catch (error) {
    const exitCode = showError(error, desk)
    return { exitCode, stdout, stderr }
  }
}

it('what blocks is named with its remedy, warnings are not; exit code 10', () => {
  const { exitCode, stderr } = shown([warning, blocking], {})
  expect(exitCode).toBe(10)
  expect(stderr).toContain('blocking database: There is no run to resume.')
  expect(stderr).toContain('→ Start with the audit: `bascule audit`.')
  expect(stderr).not.toContain('auth')
})

it('with --json the findings stand in the one document', () => {
  const { error } = JSON.parse(shown([blocking], { json: true }).stdout)
  expect(error).toMatchObject({
    key: 'run.blocked',
    exitCode: 10,
    findings: [{ id: 'database.foreign-data', component: 'database', level: 'block' }],
  })
})

it('nothing that blocks is no error', () => expect(shown([warning], {}).exitCode).toBe(0))
