import { cpSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readBackup } from '../../src/journal/backup.ts'
import { copyLine } from '../../src/journal/copy-lines.ts'
import { openJournal } from '../../src/journal/journal.ts'
import { writeRows } from '../../src/journal/store.ts'
import { exitCodes } from '../../src/model/failure.ts'
import { readRecords } from '../../src/run/stored-runs.ts'
import { CommandLine, documentOf } from '../helpers/command-line.ts'
import { startSshd, type TestSshd } from '../helpers/transport-sshd.ts'

/** Both sites are this machine, reached by two names: their copies are one file. */
const name = `takeover-contract-${process.pid}`
const directory = `/var/lib/bascule/${name}`
const line = new CommandLine()
const at = (path: string): string => join(line.home, path)
let sshd: TestSshd

beforeAll(async () => {
  sshd = await startSshd()
  writeFileSync(
    at('plan.yaml'),
    `bascule: 1
name: ${name}
title: Takeover
signatures: declared
zone: Europe/Paris
window: {start: 2026-12-12T22:00, length: 2 h, rollbackReserve: 20 min}
ssh: {configFile: ${sshd.configFile}, connectTimeout: 30 s}
sites:
  source: {id: montpellier, title: Montpellier, hosts: {database: {ssh: alpha, address: 127.0.0.1, become: runuser}}}
  target: {id: toulouse, title: Toulouse, hosts: {database: {ssh: beta, address: 127.0.0.1, become: runuser}}}
people:
  - {role: lead, name: Claire, contact: by phone, duties: all, available: J-7 to J+7}
components:
  authority: {kind: authority, title: Authority, criticality: critical, owner: lead}
rollback: {databaseStart: 1 min, serviceStartAttempts: 3, margin: 1 min}
gates:
  go: {signoffs: [lead]}
  integrity: {signoffs: []}
  reopen: {signoffs: [lead]}
`,
  )
})
afterAll(async () => {
  rmSync(directory, { recursive: true, force: true })
  await sshd?.stop()
})

const type = (state: string, ...argv: string[]) =>
  line.type(...argv, '--plan', at('plan.yaml'), '--state', at(state), '--json')
const copy = () => readFileSync(`${directory}/journal.jsonl`, 'utf8').split('\n').slice(0, -1)

describe('a machine that is lost in the night', () => {
  test('another goes on from the copy, and the first is refused from then on', async () => {
    expect(await type('first', 'replicate')).toMatchObject({ exitCode: exitCodes.ok })
    const night = await type('first', 'run', '--at', 'now', '--without-rehearsal', 'a test', '--no-wait')
    expect(night.exitCode).toBe(exitCodes.waitingForPerson)
    const before = readRecords(at('first')).entries
    expect(copy().length).toBe(before.length)
    // what it does not know of yet: a state directory as it was before the other went on
    cpSync(at('first'), at('woken'), { recursive: true })

    const taken = await type('second', 'takeover', '--from', 'alpha', '--yes', '--no-wait')
    expect([taken.exitCode, documentOf(taken).run]).toEqual([
      exitCodes.waitingForPerson,
      documentOf(night).run,
    ])
    const after = readRecords(at('second')).entries
    expect(after.slice(0, before.length)).toEqual(before)
    const order = { do: 'takeover', from: 'alpha' }
    expect(after.slice(before.length, before.length + 2).map(({ event }) => event)).toMatchObject([
      { type: 'order.received', order: { by: 'marie', order } },
      { type: 'run.resumed', by: 'marie' },
    ])
    expect(copy().length).toBe(after.length)

    for (const [verb, ...rest] of [
      ['resume', '--no-wait'],
      ['rollback', '--reason', 'woken', '--yes'],
    ]) {
      const refused = await type('woken', verb ?? '', ...rest)
      expect(refused.exitCode, refused.stderr).toBe(exitCodes.locked)
      expect(refused.stderr + refused.stdout).toContain('bascule takeover --from alpha')
    }
    expect(copy().length).toBe(after.length)

    for (const gate of ['go', 'reopen']) {
      await type('second', 'go', '--gate', gate, '--as', 'lead')
      await type('second', 'resume', '--no-wait')
    }
    const status = await type('second', 'status')
    expect(documentOf(status)).toMatchObject({ state: 'moved', copiesLost: [] })
    expect(JSON.parse(readFileSync(`${directory}/authority.json`, 'utf8'))).toMatchObject({
      site: 'toulouse',
    })
    expect(copy().length).toBe(readRecords(at('second')).entries.length)
  })

  test('once the night is over its journal is brought here, and nothing is begun', async () => {
    const taken = await type('third', 'takeover', '--from', 'beta', '--no-wait')
    expect(documentOf(taken)).toMatchObject({ mode: 'live', outcome: 'moved' })
    const third = readRecords(at('third')).entries
    expect(third.slice(0, -1)).toEqual(readRecords(at('second')).entries)
    expect(third.at(-1)?.event).toMatchObject({ order: { order: { do: 'takeover', from: 'beta' } } })
    expect((await type('third', 'status')).exitCode).toBe(exitCodes.ok)
  })

  test('the copies tell a cut end, an older copy and a journal that was written anew', async () => {
    const verify = async (...argv: string[]) => {
      const typed = await type('second', 'journal', 'verify', ...argv)
      const { verified, copies } = documentOf(typed) as { verified: boolean; copies: { state: string }[] }
      return [typed.exitCode, verified, copies.map(({ state }) => state)]
    }
    expect(await verify()).toEqual([0, true, ['agrees', 'agrees']])
    expect(await verify('--offline')).toEqual([0, true, []])
    expect(await verify(at('woken/journal.db'))).toEqual([1, false, ['ahead', 'ahead']])
    const { rows } = readBackup(at('second/journal.db'))
    const cut = rows.slice(0, -2)
    writeRows(at('cut.db'), cut)
    const anew = openJournal(at('anew.db'), { redact: value => value })
    for (const { run, event } of [...rows, ...rows.slice(-1)]) anew.append(run, JSON.parse(event))
    anew.close()
    expect(await verify(at('cut.db'))).toEqual([1, false, ['ahead', 'ahead']])
    expect(await verify(at('anew.db'))).toEqual([1, false, ['differs', 'differs']])
    expect(await verify(at('anew.db'), '--offline')).toEqual([0, true, []])
  })

  test('the signed seals tell the same where both copies were changed like the journal', async () => {
    const verify = async (...argv: string[]) => {
      const typed = await type('second', 'journal', 'verify', ...argv)
      const { seals, copies, next } = documentOf(typed) as Record<'seals' | 'copies', { state: string }[]> & {
        next?: string
      }
      return {
        exitCode: typed.exitCode,
        copies: copies[0]?.state,
        seals: seals.map(({ state }) => state),
        next,
      }
    }
    expect(await verify()).toMatchObject({ exitCode: 0, copies: 'agrees', seals: ['agrees', 'agrees'] })
    const { rows } = readBackup(at('second/journal.db'))
    const kept = readFileSync(`${directory}/journal.jsonl`, 'utf8')
    const anew = openJournal(at('anew-whole.db'), { redact: value => value })
    for (const { run, event } of rows) anew.append(run, JSON.parse(event))
    anew.close()
    const attacks = [
      [
        rows.slice(
          0,
          rows.findLastIndex(({ event }) => event.includes('"run.finished"')),
        ),
        'ahead',
      ],
      [readBackup(at('woken/journal.db')).rows, 'ahead'],
      [readBackup(at('anew-whole.db')).rows, 'differs'],
    ] as const
    for (const [index, [changed, state]] of attacks.entries()) {
      writeRows(at(`changed-${index}.db`), changed)
      writeFileSync(`${directory}/journal.jsonl`, changed.map(row => `${copyLine(row)}\n`).join(''))
      expect(await verify(at(`changed-${index}.db`))).toEqual({
        exitCode: exitCodes.failure,
        copies: 'agrees',
        seals: [state, state],
        next: expect.stringContaining('bascule journal verify'),
      })
    }
    writeFileSync(`${directory}/journal.jsonl`, kept)
    expect(await verify()).toMatchObject({ exitCode: 0, copies: 'agrees', seals: ['agrees', 'agrees'] })
    const offline = await line.type(
      'journal',
      'verify',
      '--offline',
      '--plan',
      at('plan.yaml'),
      '--state',
      at('second'),
    )
    expect([offline.exitCode, offline.stdout]).toEqual([0, expect.stringMatching(/Not asked .*alpha, beta/)])
    expect(statSync(at('second/seal.key')).mode & 0o777).toBe(0o600)
  })

  test('nothing is made where something is, of a host without a copy, or of a damaged copy', async () => {
    const refusals = [
      ['second', 'alpha', 'already contains a journal', exitCodes.usage],
      ['fourth', 'nobody', 'Copies are at: alpha, beta', exitCodes.usage],
    ] as const
    for (const [state, host, sentence, exitCode] of refusals) {
      const refused = await type(state, 'takeover', '--from', host, '--yes')
      expect([refused.exitCode, refused.stderr + refused.stdout]).toEqual([
        exitCode,
        expect.stringContaining(sentence),
      ])
    }
    const authority = readFileSync(`${directory}/authority.json`, 'utf8')
    writeFileSync(`${directory}/journal.jsonl`, `${copy().toSpliced(3, 1).join('\n')}\n`)
    const refused = await type('fourth', 'takeover', '--from', 'alpha', '--yes')
    expect(refused.stderr + refused.stdout).toContain('entry 4 was removed')
    expect(readFileSync(`${directory}/authority.json`, 'utf8')).toBe(authority)
    expect(existsSync(at('fourth'))).toBe(false)
  })
})
