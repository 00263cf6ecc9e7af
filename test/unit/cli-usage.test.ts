import { readdirSync, readFileSync, statSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { CommandContext } from '../../src/cli/command-context.ts'
import { readGlobalOptions, typedCommand } from '../../src/cli/global-options.ts'
import { showError } from '../../src/cli/show-error.ts'
import { CommandLine, documentOf } from '../helpers/command-line.ts'

const line = new CommandLine()

describe('a mistake on the command line', () => {
  it.each([
    [['statsu'], 'Unknown command “statsu”.', 'Did you mean status?'],
    [['report', '--htm'], 'Unknown option --htm.', 'Did you mean --html?'],
    [['frobnicate'], 'Unknown command “frobnicate”.', 'bascule --help'],
    [['done', 'a.b'], 'The option --reason <text> is required.', 'bascule --help'],
    [['done', '--reason', 'x'], 'The argument <step> is missing.', 'bascule --help'],
    [['go', '--gate', 'exit'], '“exit” is not one of go, integrity, reopen', 'bascule --help'],
    [['status', 'now'], 'Too many arguments.', 'bascule --help'],
    [['--lang', 'de', 'status'], '"de" is not a supported language.', '--lang'],
    [['--plan'], 'The option -p, --plan <file> requires a value.', 'bascule --help'],
  ])('%j is told with what to type next, exit code 2', async (argv, told, next) => {
    const { exitCode, stdout, stderr } = await line.type(...argv)
    expect([exitCode, stdout]).toEqual([2, ''])
    expect(stderr).toContain(told)
    expect(stderr).toContain(next)
  })

  it('is told in French', async () => {
    const { stderr } = await line.type('statsu', '--lang', 'fr')
    expect(stderr).toBe(
      'Erreur\u00a0: Commande inconnue\u00a0: «\u00a0statsu\u00a0».\n→ Vouliez-vous dire status\u00a0?\n',
    )
  })

  it('with --json is one document on stdout', async () => {
    const typed = await line.type('statsu', '--json')
    expect(documentOf(typed)).toMatchObject({ error: { key: 'cli.usage.unknownVerb', exitCode: 2 } })
  })
})

describe('a plan that cannot be used', () => {
  it('is told with each error and its place, exit code 2, whatever the verb', async () => {
    for (const verb of ['status', 'audit', 'run', 'report', 'hold']) {
      const { exitCode, stderr } = await line.type(verb, '--plan', '/nowhere/plan.yaml')
      expect(exitCode, verb).toBe(2)
      expect(stderr, verb).toContain('/nowhere/plan.yaml:1:1')
    }
  })
})

describe('a defect', () => {
  it('shows a reference and where the details are, and no stack', () => {
    let [stdout, stderr] = ['', '']
    const streams = {
      stdout: { write: (text: string) => (stdout += text) },
      stderr: { write: (text: string) => (stderr += text) },
    }
    const { environment } = line
    const desk = new CommandContext(
      readGlobalOptions({ json: true }, environment),
      'en',
      'bascule',
      streams,
      environment,
    )
    expect(showError(new TypeError('x is not a function'), desk)).toBe(1)
    expect(stderr).toMatch(/a defect of Bascule.*\(B-[0-9a-f]{6}\): x is not a function/)
    expect(stderr).not.toMatch(/^\s+at /m)
    const folder = join(line.home, '.local/state/bascule/defects')
    const [file = ''] = readdirSync(folder)
    expect(readFileSync(join(folder, file), 'utf8')).toMatch(/^\s+at /m)
    expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600)
    expect(JSON.parse(stdout)).toMatchObject({ error: { exitCode: 1, file: join(folder, file) } })
  })
})

describe('options of every verb', () => {
  it('come from the command line, else from the environment, else by default', () => {
    const env = {
      BASCULE_PLAN: 'e.yaml',
      BASCULE_OVERLAY: 'a:b',
      BASCULE_STATE: '/s',
      USER: 'u',
      NO_COLOR: '1',
    }
    expect(readGlobalOptions({}, env)).toEqual({
      plan: 'e.yaml',
      overlay: ['a', 'b'],
      state: '/s',
      json: false,
      input: true,
      color: false,
      by: 'u',
      quiet: false,
      verbose: false,
    })
    expect(readGlobalOptions({ plan: 'p', overlay: ['o'], by: 'x', as: 'dba' }, env)).toMatchObject({
      plan: 'p',
      overlay: ['o'],
      by: 'x',
      as: 'dba',
    })
    expect(readGlobalOptions({}, {})).toMatchObject({
      plan: 'plan.yaml',
      color: true,
      by: userInfo().username,
    })
  })

  it('that were typed head the commands shown, quoted for a shell', () => {
    expect(typedCommand({ plan: "l'île.yaml", overlay: ['a b'], json: true })).toBe(
      `bascule --plan 'l'\\''île.yaml' --overlay 'a b'`,
    )
  })
})
