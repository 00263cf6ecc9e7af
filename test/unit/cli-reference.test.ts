import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { jsonForms } from '../../src/cli/json-forms.ts'
import { commandsPage } from '../../src/cli/reference.ts'
import { verbs } from '../../src/cli/verbs.ts'
import { loadKinds } from '../../src/kinds/registry.ts'
import { wouldLoseKeys } from '../../src/views/words.ts'
import { CommandLine, documentOf } from '../helpers/command-line.ts'
import { examplePlan, moved, stateWith, waitingAtGo } from '../helpers/state-directory.ts'

const line = new CommandLine()
const state = join(line.home, 'state')
const rolledBack = join(line.home, 'rolled-back')

beforeAll(async () => {
  await stateWith(state, moved)
  await stateWith(rolledBack, runbook => [
    ...waitingAtGo(runbook),
    { type: 'rollback.started', trigger: 'no-go', why: { key: 'run.why.rehearsal' } },
    { type: 'run.finished', outcome: 'rolled-back' },
  ])
})

describe('docs/commands.md', () => {
  it('is what the command line says (else: node src/cli/write-reference.ts)', async () => {
    const page = readFileSync(join(import.meta.dirname, '../../docs/commands.md'), 'utf8')
    expect(page).toBe(commandsPage(await loadKinds()))
    for (const { name } of verbs) expect(page).toContain(`## bascule ${name}`)
  })

  it('names every answer of a report to what a rollback loses', () => {
    const named = [...(jsonForms.report?.wouldLose ?? '').matchAll(/`([\w-]+)`/g)].map(([, name]) => name)
    expect(named.toSorted()).toEqual(Object.keys(wouldLoseKeys).toSorted())
  })

  it.each([
    ['status', ['status']],
    ['report', ['report']],
    ['journal verify', ['journal', 'verify']],
    ['journal show', ['journal', 'show']],
    ['check', ['check']],
  ])('names every field that %s gives', async (verb, argv) => {
    for (const directory of [state, rolledBack]) {
      const typed = await line.type(...argv, '--plan', examplePlan, '--state', directory, '--json')
      const known = Object.keys(jsonForms[verb] ?? {})
      for (const field of Object.keys(documentOf(typed))) expect(known, field).toContain(field)
    }
  })
})
