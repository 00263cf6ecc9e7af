import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type LedgerEntry, openLedger, readLedger } from '../../lab/users/ledger.ts'
import { parseOptions } from '../../lab/users/options.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

describe('the ledger', () => {
  const directory = temporaryFolder('estate-ledger')
  const attempt = (user: number): LedgerEntry => ({
    kind: 'attempt',
    at: '2026-12-12T22:00:00.000Z',
    user,
    table: 'answers',
    clientId: String(user),
    attempt: 1,
  })
  const read = (file: string) => Array.fromAsync(readLedger(file))

  it('is there as soon as it is written, and grows when it is opened again', async () => {
    const file = join(directory, 'whole')
    const first = openLedger(file)
    first.write(attempt(1))
    expect(await read(file)).toEqual([attempt(1)])
    first.close()
    const second = openLedger(file)
    second.write(attempt(2))
    second.close()
    expect(await read(file)).toEqual([attempt(1), attempt(2)])
  })

  it('leaves out a last line torn by a crash', async () => {
    const file = join(directory, 'torn')
    writeFileSync(file, `${JSON.stringify(attempt(1))}\n{"kind":"acknowl`)
    expect(await read(file)).toEqual([attempt(1)])
  })

  it('shows what it was up to a byte, whole lines only', async () => {
    const file = join(directory, 'growing')
    const line = `${JSON.stringify(attempt(1))}\n`
    writeFileSync(file, line.repeat(3))
    const upTo = async (bytes: number) => (await Array.fromAsync(readLedger(file, bytes))).length
    const found = await Promise.all([0, 1, line.length, line.length + 1, line.length * 3].map(upTo))
    expect(found).toEqual([0, 0, 1, 1, 3])
  })

  it.each(['', 'nonsense', '{"kind":"attempt"}', 'null'])(
    'does not pass over a damaged line: %j',
    async line => {
      const file = join(directory, 'damaged')
      writeFileSync(file, `${JSON.stringify(attempt(1))}\n${line}\n`)
      appendFileSync(file, `${JSON.stringify(attempt(2))}\n`)
      await expect(read(file)).rejects.toThrow('damaged:2: not a ledger entry')
    },
  )
})

describe('options of the users', () => {
  const needed = ['--resolver', '10.80.4.53', '--ledger', 'l']
  it('have defaults', () => {
    expect(parseOptions(needed)).toEqual({
      resolver: { address: '10.80.4.53', port: 53 },
      ledger: 'l',
      rate: 20,
      people: 120,
      firstPerson: 1,
      size: 'small',
      domain: 'techcorp.test',
      port: 80,
      services: ['auth', 'courses', 'files'],
      timeoutMilliseconds: 5000,
      siteByAddress: new Map(),
      stopOnEndOfInput: false,
    })
  })
  it('are read', () => {
    const more = [
      '--rate',
      '4',
      '--services',
      'files,dashboard',
      '--site',
      'toulouse=10.80.4.12',
      '--duration-seconds',
      '3',
    ]
    expect(parseOptions([...needed, ...more])).toMatchObject({
      rate: 4,
      people: 24,
      services: ['files', 'dashboard'],
      siteByAddress: new Map([['10.80.4.12', 'toulouse']]),
      durationSeconds: 3,
    })
  })
  it.each([
    [[], '--resolver and --ledger are needed'],
    [[...needed, '--rate', '0'], '--rate 0: expected a number above 0'],
    [[...needed, '--services', 'mail'], '--services mail: expected some of auth, courses, files, dashboard'],
    [[...needed, '--site', 'toulouse'], '--site toulouse: expected NAME=ADDRESS'],
    [[...needed, '--size', 'huge'], 'size huge'],
    [[...needed, '--speed', '1'], "Unknown option '--speed'"],
  ])('refuse %j', (argv, message) => {
    expect(() => parseOptions(argv)).toThrow(message)
  })
})
