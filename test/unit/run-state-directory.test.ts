import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { exitCodes, Failure } from '../../src/model/failure.ts'
import { programVersion } from '../../src/model/version.ts'
import { isExecuting } from '../../src/run/executing.ts'
import { takeLock } from '../../src/run/lock.ts'
import { sendOrder } from '../../src/run/orders.ts'
import { planOf } from '../../src/run/recorded.ts'
import { openState } from '../../src/run/state.ts'
import { isStateFileDamaged } from '../../src/run/state-format.ts'
import { readRecords } from '../../src/run/stored-runs.ts'
import { aPlan } from '../helpers/small-runbook.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

const home = temporaryFolder('state')
const file = join(home, 'file')
writeFileSync(file, '')
const garbage = mkdtempSync(join(home, 'garbage-'))
for (const name of ['lock.db', 'orders.db']) writeFileSync(join(garbage, name), 'not a database '.repeat(100))

const lock = (directory: string) => takeLock(directory, 'marie', 'audit', '2026-12-12T21:00:00Z')
// the directory is looked at before the plan is
const open = (stateDirectory: string) =>
  openState({ stateDirectory, by: 'marie', verb: 'audit', choosePlan: () => undefined as never })

async function thrownBy(work: () => unknown): Promise<unknown> {
  try {
    return await work()
  } catch (error) {
    return error
  }
}

it.each([
  ['that lies below a file', () => open(join(file, 'state'))],
  ['that is a file', () => open(file)],
  ['that is not there, for the lock', () => lock(join(home, 'absent'))],
  ['whose lock is something else', () => lock(garbage)],
  ['whose lock is something else, when it is looked at', () => isExecuting(garbage)],
  ['whose inbox is something else', () => sendOrder(garbage, 'run-1', { do: 'hold' }, 'marie', '')],
])('a state directory %s is named, with what to type', async (_what, work) => {
  const error = await thrownBy(work)
  expect(error).toBeInstanceOf(Failure)
  expect(error).toMatchObject({
    text: { key: 'run.stateUnusable', values: { directory: expect.stringContaining(home) } },
    remedy: { key: 'run.stateUnusable.remedy' },
    exitCode: exitCodes.failure,
  })
})

it('a state directory is stamped with its format, and one of a newer program is refused everywhere', async () => {
  const directory = mkdtempSync(join(home, 'stamped-'))
  const opened = await openState({
    ...{ stateDirectory: directory, by: 'marie', verb: 'audit' },
    choosePlan: () => aPlan([]),
  })
  await opened.close()
  const file = join(directory, 'state.json')
  const stamp = JSON.parse(readFileSync(file, 'utf8'))
  expect(stamp).toEqual({ format: 3, programVersion: programVersion(), minimumVersion: '0.2.0' })
  writeFileSync(file, JSON.stringify({ ...stamp, format: 4, minimumVersion: '0.9.0', more: 1 }))
  for (const work of [
    () => open(directory),
    () => readRecords(directory),
    () => sendOrder(directory, 'run-1', { do: 'hold' }, 'marie', ''),
  ]) {
    expect(await thrownBy(work)).toMatchObject({
      text: { key: 'run.stateNewer', values: { found: 4, known: 3, version: programVersion() } },
      remedy: { key: 'run.stateNewer.remedy', values: { version: '0.9.0' } },
    })
  }
  writeFileSync(file, 'nothing')
  expect(await thrownBy(() => open(directory))).toMatchObject({
    text: { key: 'run.stateFileDamaged', values: { file } },
    remedy: { key: 'run.stateFileDamaged.remedy' },
  })
})

it('a damaged state.json is rebuilt, and said to be, where the journal holds a migration', async () => {
  const directory = mkdtempSync(join(home, 'damaged-'))
  cpSync(join(import.meta.dirname, '../fixtures/journal-2/whole-night'), directory, { recursive: true })
  const stamp = join(directory, 'state.json')
  writeFileSync(stamp, '')
  const before = readRecords(directory).entries.length
  expect(isStateFileDamaged(directory)).toBe(true)
  const opened = await openState({
    ...{ stateDirectory: directory, by: 'marie', verb: 'resume' },
    choosePlan: history => planOf(history, history.runs.at(-1) as never),
  })
  await opened.close()
  expect(JSON.parse(readFileSync(stamp, 'utf8'))).toMatchObject({ format: 3 })
  expect(isStateFileDamaged(directory)).toBe(false)
  const { entries } = readRecords(directory)
  expect(entries.length).toBe(before + 1)
  expect(entries.at(-1)).toMatchObject({
    run: 'run',
    event: { type: 'note', text: { key: 'run.stateFileRebuilt', values: { file: stamp } } },
  })
})

it('a lock that is held is told with who holds it, not as a broken directory', async () => {
  const directory = mkdtempSync(join(home, 'held-'))
  const held = lock(directory)
  expect(await thrownBy(() => lock(directory))).toMatchObject({
    text: { key: 'run.locked', values: { by: 'marie', pid: process.pid } },
    exitCode: exitCodes.locked,
  })
  held.release()
})
