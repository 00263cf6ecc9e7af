import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { beforeAll, describe, expect, it } from 'vitest'
import { CommandLine, documentOf } from '../helpers/command-line.ts'
import { examplePlan, moved, stateWith, waitingAtGo } from '../helpers/state-directory.ts'

const line = new CommandLine()
const stateOf = (name: string) => join(line.home, name)
const type = (state: string, ...argv: string[]) =>
  line.type(...argv, '--plan', examplePlan, '--state', stateOf(state))

beforeAll(async () => {
  await stateWith(stateOf('waiting'), waitingAtGo)
  await stateWith(stateOf('moved'), moved)
})

describe('status', () => {
  it('of nothing says what comes first', async () => {
    const { exitCode, stdout } = await type('empty', 'status')
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/no site has been audited yet[\s\S]+Next command: bascule .* audit/)
    expect(stdout).toMatch(/If the migration began elsewhere: `bascule .* takeover --from \S+`/)
  })

  it('of a run at GO tells who is waited for, in the zone of the plan', async () => {
    const { stdout } = await type('waiting', 'status')
    expect(stdout).toContain('Europe/Paris')
    expect(stdout).toMatch(/Window .*22:00:00.* → 00:00:00/)
    expect(stdout).toMatch(/bascule --plan .*plan\.yaml --state .* go --gate go --as dba/)
    expect(stdout).toContain('dba (Sophie Reynaud)')
    // what can be typed stands above: to look again is not the next command
    expect(stdout).not.toContain('Next command:')
  })

  it('with --json has the fields that docs/commands.md names', async () => {
    const document = documentOf(await type('waiting', 'status', '--json'))
    expect(document).toMatchObject({ plan: 'techcorp', mode: 'live', executing: false })
    expect(Object.keys(document)).toEqual(
      expect.arrayContaining([
        'state',
        'now',
        'window',
        'projectedFinish',
        'steps',
        'gates',
        'waiting',
        'next',
      ]),
    )
    const [step] = document.steps as Record<string, unknown>[]
    expect(step).toMatchObject({
      title: expect.stringMatching(/ /),
      state: 'waiting',
      plannedSeconds: expect.any(Number),
    })
  })

  it('has no sentence missing, in either language', async () => {
    for (const language of ['fr', 'en']) {
      for (const state of ['waiting', 'moved']) {
        const { stdout } = await type(state, 'status', '--all', '--lang', language)
        expect(stdout).not.toMatch(
          /\b(views|run|runbook|cli|postgres|files|service|dns|link|authority)\.[a-z]+\.[a-zA-Z]+ ?(\{|$)/m,
        )
      }
    }
  })
})

describe('report', () => {
  it('is Markdown on stdout', async () => {
    const { exitCode, stdout } = await type('moved', 'report')
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^# TechCorp Formation/)
    expect(stdout).toContain('sent: 1.5 MB')
  })

  it('is a page in a file, evidence in it', async () => {
    const [page, evidence] = [join(line.home, 'report.html'), join(line.home, 'evidence.json')]
    writeFileSync(evidence, JSON.stringify({ cut: { auth: { seconds: 42 } }, more: 1 }))
    const argv = ['report', '--html', '--output', page, '--evidence', evidence, '--lang', 'fr']
    const { exitCode, stdout, stderr } = await type('moved', ...argv)
    expect([exitCode, stdout, stderr]).toEqual([0, '', `Rapport écrit dans ${page}.\n`])
    expect(readFileSync(page, 'utf8')).toMatch(/Coupure de service vue par les utilisateurs[\s\S]+0:42/)
  })

  it('refuses evidence that is none, and a file that cannot be written', async () => {
    const wrong = join(line.home, 'wrong.json')
    writeFileSync(wrong, '{"cut": 3}')
    expect(await type('moved', 'report', '--evidence', wrong)).toMatchObject({ exitCode: 2, stdout: '' })
    const typed = await type('moved', 'report', '--output', '/nowhere/report.md')
    expect(typed).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('(no such file or directory)'),
    })
  })

  it('of nothing says so', async () => {
    const { exitCode, stderr } = await type('empty', 'report')
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('There is no run to report on')])
  })
})

describe('journal', () => {
  it('is shown, and whole', async () => {
    expect(documentOf(await type('moved', 'journal', 'verify', '--json'))).toMatchObject({ verified: true })
    const { entries } = documentOf(await type('moved', 'journal', 'show', '--json')) as { entries: unknown[] }
    const { stdout } = await type('moved', 'journal', 'show')
    expect(stdout.trimEnd().split('\n')).toHaveLength(entries.length)
  })

  it('altered, is told with the entry, exit code 1', async () => {
    await stateWith(stateOf('altered'), moved)
    const file = join(stateOf('altered'), 'journal.db')
    const database = new DatabaseSync(file)
    database.exec(`DROP TRIGGER entries_keep_their_text; UPDATE entries SET at = 'never' WHERE sequence = 4`)
    database.close()
    const { exitCode, stdout } = await line.type('journal', 'verify', file)
    expect([exitCode, stdout]).toEqual([1, expect.stringContaining('entry 4 was altered')])
  })

  it('that is not there is told', async () => {
    expect(await line.type('journal', 'verify', '/nowhere.db')).toMatchObject({ exitCode: 1 })
  })
})
