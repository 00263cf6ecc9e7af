import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { beforeAll, describe, expect, it } from 'vitest'
import { exitCodes } from '../../src/model/failure.ts'
import { CommandLine } from '../helpers/command-line.ts'
import { examplePlan, moved, stateWith, waitingAtGo } from '../helpers/state-directory.ts'

const line = new CommandLine()
const at = (name: string) => join(line.home, name)
const type = (state: string, ...argv: string[]) =>
  line.type(...argv, '--plan', examplePlan, '--state', at(state))

/** What somebody changed in a journal, its triggers taken away first. */
function tamper(state: string, change: string): void {
  mkdirSync(at(state))
  copyFileSync(join(at('waiting'), 'journal.db'), join(at(state), 'journal.db'))
  const database = new DatabaseSync(join(at(state), 'journal.db'))
  const triggers = database.prepare("select name from sqlite_master where type = 'trigger'").all()
  for (const { name } of triggers) database.exec(`drop trigger ${name}`)
  database.exec(change)
  database.close()
}

beforeAll(async () => {
  await stateWith(at('waiting'), waitingAtGo)
  await stateWith(at('moved'), moved)
  await stateWith(at('prepared'), () => [{ type: 'run.finished', outcome: 'prepared' }], 'preparation')
  await stateWith(at('failed'), () => [{ type: 'run.finished', outcome: 'failed' }], 'preparation')
  tamper('altered', "update entries set event = replace(event, 'marie', 'sophie') where run = 'run-1'")
  tamper('shortened', 'delete from entries where sequence = (select max(sequence) from entries)')
  mkdirSync(at('text'))
  writeFileSync(join(at('text'), 'journal.db'), 'not a database '.repeat(100))
  writeFileSync(at('file'), '')
  writeFileSync(
    at('wrong.yaml'),
    'zone: Europe/Montpellier\nsites: {source: {hosts: {database: {shh: x}}}}\n',
  )
})

/** State directory, what is typed, exit code, what is said, and what to do. */
const refusals: [string, string[], number, RegExp, RegExp][] = [
  ['new', ['rehearse'], 1, /The preparation has not been done/, /`bascule replicate`/],
  ['new', ['run', '--at', 'now'], 1, /The preparation has not been done/, /`bascule replicate`/],
  [
    'new',
    ['run'],
    2,
    /window (has not started: it starts|is over: it started) at 2026-12-12T22:00 \(Europe\/Paris\)/,
    /run --at now/,
  ],
  ['new', ['run', '--at', '2026-03-29T02:30'], 2, /not a valid time in Europe\/Paris/, /2026-12-12T22:00/],
  ['new', ['resume'], 1, /No run in progress/, /status/],
  ['new', ['rollback', '--reason', 'x'], 1, /no executed step to undo/, /status/],
  ['new', ['rollback'], 2, /--reason.* is required/, /--help/],
  [
    'moved',
    ['rollback', '--reason', 'x', '--without', 'target', '--isolated', 'x'],
    2,
    /--isolated or --and-by is missing/,
    /--and-by NAME/,
  ],
  [
    'moved',
    ['rollback', '--reason', 'x', '--isolated', 'x', '--and-by', 'Bea'],
    2,
    /need a site/,
    /--without target/,
  ],
  ['new', ['go', '--as', 'dba'], 1, /No run in progress/, /status/],
  ['new', ['report'], 1, /There is no run to report on/, /status/],
  ['prepared', ['run', '--at', 'now'], 1, /No rehearsal has passed yet/, /bascule rehearse/],
  ['failed', ['rehearse'], 1, /The run run-1 \(preparation\) has not ended/, /bascule rollback --reason/],
  ['moved', ['rehearse'], 1, /migration is already done/, /bascule report/],
  ['waiting', ['go', '--as', 'plumber'], 2, /The plan has no role “plumber”/, /dba/],
  ['altered', ['audit'], 1, /journal\.db: entry \d+ was altered/, /Keep .* for the investigation/],
  ['altered', ['resume'], 1, /journal\.db: entry \d+ was altered/, /Keep .* for the investigation/],
  ['shortened', ['audit'], 1, /journal\.db: entry \d+ was removed/, /Keep .* for the investigation/],
  ['text', ['status'], 1, /journal\.db is not a journal of Bascule/, /Keep/],
  ['file', ['audit'], 1, /The state directory .*file cannot be used/, /ls -ld .*--state/],
  [
    'new',
    ['audit', '--overlay', '/nowhere.yaml'],
    2,
    /nowhere\.yaml:1:1: the file cannot be read \(no such file or directory\)/,
    /bascule check/,
  ],
  [
    'new',
    ['audit', '--overlay', at('wrong.yaml')],
    2,
    /wrong\.yaml:1:\d+ zone.*Europe\/Montpellier/s,
    /bascule check/,
  ],
  ['new', ['audit', '--overlay', at('wrong.yaml')], 2, /wrong\.yaml:2:\d+ .*shh.*ssh/s, /bascule check/],
]

describe('is refused with what is wrong and what to do, without a trace', () => {
  it.each(refusals)('%s: bascule %s (exit code %i)', async (state, argv, exitCode, says, remedy) => {
    const typed = await type(state, ...argv)
    expect(typed.stderr).toMatch(says)
    expect(typed.stderr).toMatch(new RegExp(`→ [^]*${remedy.source}`))
    expect(typed.stderr).not.toMatch(/^ {4}at |defect of Bascule/m)
    expect(typed.exitCode).toBe(exitCode)
    expect(Object.values(exitCodes)).toContain(exitCode)
  })

  it.each(refusals)('%s: bascule %s, in French too', async (state, argv, exitCode, says) => {
    const typed = await type(state, ...argv, '--lang', 'fr')
    expect(typed.exitCode).toBe(exitCode)
    expect(typed.stderr).toMatch(/Erreur/)
    expect(typed.stderr).not.toMatch(new RegExp(`Error: .*${says.source}`))
    expect(typed.stderr).not.toMatch(/^ {4}at |défaut de Bascule/m)
  })
})
