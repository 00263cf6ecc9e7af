import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import type { CallEnd, HostCall } from '../../src/model/host-call.ts'
import { keepCallsIn, readKept } from '../../src/run/kept-calls.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

let state: string
beforeEach(() => {
  state = temporaryFolder('kept-calls')
})

const aCall = (line: string, change: Partial<HostCall> = {}): HostCall => ({
  ...{ work: 'rehearsal-1/db.promote', at: '2026-12-05T21:00:00Z', does: 'change', by: 'ssh' },
  ...{ where: 'db2', user: 'postgres', line },
  ...change,
})
const exited = (exitCode = 0, seconds = 0.5): CallEnd => ({ ended: 'exited', exitCode, seconds })
const keeping = (part: 'apply' | 'undo' = 'apply', run = 'rehearsal-1') =>
  keepCallsIn(state)({ step: 'db.promote', run, mode: 'rehearsal', part })

test('what a step and its undo did last is kept in a file of its own, for its owner alone', () => {
  const apply = keeping()
  apply.onCall(aCall('pg_ctl promote'))(exited())
  apply.ended(true)
  const undo = keeping('undo')
  undo.onCall(aCall('pg_ctl stop', { script: { name: 'stop.sh', text: 'exit 0\n' } }))(exited(3))
  undo.ended(true)
  const kept = readKept(state, 'db.promote')
  expect(kept.apply).toMatchObject({ run: 'rehearsal-1', mode: 'rehearsal', well: true, left: 0 })
  expect(kept.apply?.calls).toEqual([
    {
      ...{ does: 'change', by: 'ssh', where: 'db2', user: 'postgres', line: 'pg_ctl promote' },
      ...{ times: 1, seconds: 0.5, exitCode: 0 },
    },
  ])
  expect(kept.undo?.calls[0]).toMatchObject({ line: 'pg_ctl stop', exitCode: 3 })
  expect(kept.undo?.scripts).toEqual({ 'stop.sh': 'exit 0\n' })
  const [file = ''] = readdirSync(join(state, 'commands'))
  expect(statSync(join(state, 'commands', file)).mode & 0o777).toBe(0o600)
  expect(statSync(join(state, 'commands')).mode & 0o777).toBe(0o700)
})

test('what is asked again and again is kept once, with how often and how long', () => {
  const apply = keeping()
  for (let asked = 0; asked < 50; asked += 1) {
    apply.onCall(aCall('pg_isready', { does: 'read' }))(exited(asked < 49 ? 2 : 0, 1))
    apply.onCall(aCall('pg_controldata', { does: 'read' }))(exited(0, 2))
  }
  apply.ended(true)
  expect(readKept(state, 'db.promote').apply?.calls).toMatchObject([
    { line: 'pg_isready', times: 50, seconds: 50, exitCode: 0 },
    { line: 'pg_controldata', times: 50, seconds: 100 },
  ])
})

test('more than a person reads is counted', () => {
  const apply = keeping()
  for (let made = 0; made < 1000; made += 1) apply.onCall(aCall(`touch ${made}`))(exited())
  apply.ended(true)
  const { calls = [], left } = readKept(state, 'db.promote').apply ?? {}
  expect([calls.length, left]).toEqual([400, 600])
})

test('an attempt that fails, or does nothing, takes no place of one that went well', () => {
  const failed = keeping('apply', 'rehearsal-1')
  failed.onCall(aCall('first'))({ ended: 'failed', seconds: 1, why: { key: 'run.none' } })
  failed.ended(false)
  expect(readKept(state, 'db.promote').apply).toMatchObject({ well: false, calls: [{ failed: true }] })
  const good = keeping('apply', 'rehearsal-2')
  good.onCall(aCall('second'))(exited())
  good.ended(true)
  const again = keeping('apply', 'live-3')
  again.onCall(aCall('third'))(exited())
  again.ended(false)
  keeping('apply', 'live-4').ended(true)
  expect(readKept(state, 'db.promote').apply).toMatchObject({ run: 'rehearsal-2', well: true })
})

test('a file that cannot be read, or written, is no failure', () => {
  expect(readKept(state, 'db.promote')).toEqual({})
  writeFileSync(join(state, 'commands'), 'in the way')
  const apply = keeping()
  apply.onCall(aCall('pg_ctl promote'))(exited())
  apply.ended(true)
  expect(readKept(state, 'db.promote')).toEqual({})
  const other = temporaryFolder('kept-calls')
  mkdirSync(join(other, 'commands'))
  writeFileSync(join(other, 'commands', 'db.promote.json'), '{"apply": 3}')
  expect(readKept(other, 'db.promote')).toEqual({})
})
