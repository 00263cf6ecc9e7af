import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { CommandContext } from '../../src/cli/command-context.ts'
import { readGlobalOptions } from '../../src/cli/global-options.ts'
import { observeCalls } from '../../src/cli/observe-calls.ts'
import type { CallEnd, HostCall } from '../../src/model/host-call.ts'
import { span } from '../../src/views/lines.ts'
import { CommandLine } from '../helpers/command-line.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

const zone = { zone: 'Europe/Paris' }
const home = temporaryFolder('observe-calls')

function contextWith(typed: Record<string, unknown>, language: 'en' | 'fr' = 'en') {
  const written = { stdout: '', stderr: '' }
  const to = (name: 'stdout' | 'stderr') => ({ write: (text: string) => (written[name] += text) })
  const streams = { stdout: to('stdout'), stderr: to('stderr') }
  const options = readGlobalOptions(typed, { HOME: home })
  return { context: new CommandContext(options, language, 'bascule', streams, { HOME: home }), written }
}

const aCall = (change: Partial<HostCall> = {}): HostCall => ({
  ...{ work: 'rehearsal-1/db.promote', at: '2026-12-12T21:00:05.000Z', does: 'change', by: 'ssh' },
  ...{ where: 'db2', user: 'postgres', line: 'pg_ctl promote' },
  ...change,
})
const exited = (exitCode: number): CallEnd => ({ ended: 'exited', exitCode, seconds: 0.4213 })

describe('what is done at the hosts', () => {
  it('is told by nobody who was not asked to', () => {
    expect(observeCalls(contextWith({}).context, zone)).toEqual({})
    expect(observeCalls(contextWith({ quiet: true }).context, zone)).toEqual({})
  })

  it('is told on stderr with -v as it begins and as it ends', () => {
    const { context, written } = contextWith({ verbose: true })
    const { onCall } = observeCalls(context, zone)
    const first = onCall?.(aCall())
    const second = onCall?.(
      aCall({ by: 'sql', where: '192.0.2.7:5432/shop', user: 'bascule', line: 'checkpoint' }),
    )
    expect(written.stderr).toContain('22:00:05 #1 db.promote  db2 postgres$ pg_ctl promote\n')
    expect(written.stderr).toContain('#2 db.promote  192.0.2.7:5432/shop bascule> checkpoint\n')
    second?.({ ended: 'failed', seconds: 1, why: { key: 'transport.aborted', values: { what: 'db2' } } })
    first?.(exited(3))
    expect(written.stderr).toMatch(/#1 db2 exit 3, 0\.42 s\n$/)
    expect(written.stderr).toMatch(/#2 192\.0\.2\.7:5432\/shop failed: .*, 1 s\n/)
    expect(written.stdout).toBe('')
  })

  it('is told in French', () => {
    const { context, written } = contextWith({ verbose: true }, 'fr')
    observeCalls(context, zone).onCall?.(aCall())(exited(0))
    expect(written.stderr).toContain('#1 db2 code de sortie 0, 0,42\u00a0s\n')
  })

  it('is kept with --log, in a file for its owner alone, after what stands there', () => {
    const file = join(home, 'calls.log')
    for (const user of ['root', undefined]) {
      const { context, written } = contextWith({ log: file })
      observeCalls(context, zone).onCall?.(
        aCall(user === undefined ? { by: 'local', where: 'localhost' } : { user }),
      )(exited(0))
      expect(written).toEqual({ stdout: '', stderr: '' })
    }
    const lines = readFileSync(file, 'utf8').split('\n')
    expect(lines).toHaveLength(5)
    expect(lines[0]).toBe('2026-12-12T21:00:05.000Z #1 db.promote  db2 root# pg_ctl promote')
    expect(lines[1]).toMatch(/^\S+Z #1 db2 exit 0, 0\.42 s$/)
    expect(lines[2]).toContain('localhost postgres$ pg_ctl promote')
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  it('moves no cursor and begins no line, whatever the names of files are', () => {
    const file = join(home, 'odd.log')
    const { context, written } = contextWith({ log: file, verbose: true })
    const odd = "rm '\u001b[2J\r\nError: all is lost\u009b1A\u202e'"
    observeCalls(context, zone).onCall?.(aCall({ line: odd }))(exited(0))
    for (const text of [readFileSync(file, 'utf8'), written.stderr]) {
      expect(text.split('\n')).toHaveLength(3)
      expect(text).toContain('␛[2J␍␊Error: all is lost<U+009B>1A<U+202E>')
    }
  })

  it('that cannot be kept is an error before anything begins', () => {
    const { context } = contextWith({ log: join(home, 'calls.log', 'x') })
    expect(() => observeCalls(context, zone)).toThrow('cli.file.unwritable')
  })
})

describe('with --quiet', () => {
  it('only what fails is printed, with its remedy, and the last line', () => {
    const { context, written } = contextWith({ quiet: true })
    const [good, bad] = [[span('✔ good', 'good')], [span('✖ ', 'bad'), span('bad')]]
    const remedy = [span('    → ', 'active'), span('mend it')]
    context.printProgress([good])
    context.printProgress([good, bad, remedy, good, remedy])
    context.print([good, remedy, bad, remedy, good, [], [span('It ended.')]])
    expect(written.stderr).toBe('✖ bad\n    → mend it\n')
    expect(written.stdout).toBe('✖ bad\n    → mend it\nIt ended.\n')
  })

  it('every error is told whole', async () => {
    const line = new CommandLine()
    const nowhere = ['status', '--plan', '/nowhere/plan.yaml']
    const [loud, quiet] = [await line.type(...nowhere), await line.type(...nowhere, '-q')]
    expect(loud.stderr).toContain('/nowhere/plan.yaml:1:1')
    expect(quiet).toEqual(loud)
  })
})
