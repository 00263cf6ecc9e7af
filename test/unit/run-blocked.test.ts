import { join } from 'node:path'
import { Temporal } from 'temporal-polyfill'
import { expect, it } from 'vitest'
import type { Finding } from '../../src/model/fact.ts'
import type { Kind } from '../../src/model/kind.ts'
import { Blocked } from '../../src/run/may-start.ts'
import { startRun } from '../../src/run/session.ts'
import { readRecords } from '../../src/run/stored-runs.ts'
import { aPlan, aStep } from '../helpers/small-runbook.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

const home = temporaryFolder('blocked')
const full: Finding = { id: 'a.disk', component: 'a', level: 'block', text: { key: 'run.none' } }

/** The disk fills up once the copy is there. */
function estate() {
  const found: Finding[] = []
  const kind: Partial<Kind> = {
    kind: 'double',
    audit: async () => ({}),
    findings: () => found,
    plan: () => [],
    actions: {},
    measures: {},
  }
  return { found, kinds: { double: kind as Kind } }
}

it.each(['preparation', 'live'] as const)('a %s run does not begin on a finding that blocks', async mode => {
  const { found, kinds } = estate()
  const stateDirectory = join(home, mode)
  let claims = 0
  const takeAuthority = async () => {
    claims++
    return { check: async () => {}, fencingNumber: 1 }
  }
  const session = { takeAuthority, by: 'marie', stateDirectory, kinds, plan: aPlan([aStep('a.move')]) }
  if (mode === 'live') await startRun({ ...session, mode: 'preparation' })
  const startAt = Temporal.Now.instant()
  const begin = () => startRun({ ...session, mode, startAt, withoutRehearsal: 'a test' })
  const [runs, before] = [readRecords(stateDirectory).history.runs.length, claims]
  found.push(full)
  await expect(begin()).rejects.toThrow(Blocked)
  expect(readRecords(stateDirectory).history.runs).toHaveLength(runs)
  expect(claims).toBe(before)
  found.pop()
  expect((await begin()).ended).toBe(mode === 'live' ? 'moved' : 'prepared')
})
