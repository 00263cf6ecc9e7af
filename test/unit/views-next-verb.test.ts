import { expect, it } from 'vitest'
import type { Run } from '../../src/model/run.ts'
import type { RunMode } from '../../src/model/step.ts'
import { emptyHistory } from '../../src/run/fold.ts'
import { nextVerb } from '../../src/views/next-verb.ts'

const facts = { link: {} }
const run = (mode: RunMode, outcome: Run['outcome']) => ({ mode, outcome }) as Run
const prepared = run('preparation', 'prepared')
const rehearsed = run('rehearsal', 'rehearsed')

it.each([
  ['nothing', [], 'replicate'],
  ['a preparation that failed', [run('preparation', 'failed')], 'resume'],
  ['a preparation', [prepared], 'rehearse'],
  ['a preparation made and undone', [prepared, run('preparation', 'rolled-back')], 'replicate'],
  ['a rehearsal', [prepared, rehearsed], 'run'],
  [
    'a preparation that failed after a rehearsal',
    [prepared, rehearsed, run('preparation', 'failed')],
    'resume',
  ],
  ['a night undone half way', [prepared, rehearsed, run('live', 'rollback-failed')], 'resume'],
  ['a night', [prepared, rehearsed, run('live', 'moved')], 'report'],
  ['a closing', [prepared, rehearsed, run('live', 'moved'), run('close', 'closed')], 'report'],
  ['a closing undone', [prepared, rehearsed, run('live', 'moved'), run('close', 'rolled-back')], 'report'],
  [
    'a closing and a night undone',
    [prepared, rehearsed, run('live', 'rolled-back'), run('close', 'rolled-back')],
    'report',
  ],
])('after %s comes the verb that is let in', (_what, runs, verb) => {
  expect(nextVerb({ ...emptyHistory, facts, runs }, false)).toBe(verb)
})

it.each([
  ['is carried out', true, {}, 'status'],
  ['is held', true, { held: { at: '', by: 'marie' } }, 'resume'],
  ['no program carries out any more', false, {}, 'resume'],
])('in a run that %s', (_what, executing, state, verb) => {
  const runs = [{ mode: 'live', ...state } as Run]
  expect(nextVerb({ ...emptyHistory, facts, runs }, executing)).toBe(verb)
})

it('nothing comes before an audit', () => expect(nextVerb(emptyHistory, false)).toBe('audit'))
