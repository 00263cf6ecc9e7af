import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { openInbox } from '../../src/run/orders.ts'
import { CommandLine, documentOf } from '../helpers/command-line.ts'
import { examplePlan, moved, stateWith, waitingAtGo } from '../helpers/state-directory.ts'

const line = new CommandLine()
const stateHome = join(line.home, '.local/state/bascule')
const state = join(stateHome, 'techcorp')
const atGo = join(line.home, 'at-go')
const planFile = join(line.home, 'example/plan.yaml')
const original = readFileSync(examplePlan, 'utf8')

beforeAll(async () => {
  cpSync(dirname(examplePlan), dirname(planFile), { recursive: true })
  await stateWith(state, moved, 'live', planFile)
  await stateWith(atGo, waitingAtGo)
})
beforeEach(() => {
  writeFileSync(planFile, original)
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-12-13T08:00:00Z') })
})
afterEach(() => vi.useRealTimers())

const withPlan = (...argv: string[]) => line.type(...argv, '--plan', planFile)

const look = async (...named: string[]) => {
  const typed = []
  for (const verb of ['status', 'report'])
    for (const language of ['en', 'fr']) typed.push(await line.type(verb, '--lang', language, ...named))
  return typed
}

describe('status and report', () => {
  it.each([
    ['is edited', (text: string) => text.replace(/^title: .*$/m, 'title: Quite another title')],
    ['is broken', (text: string) => `${text}\n\t: [`],
    ['is refused', (text: string) => text.replace(/^window:/m, 'windows:')],
  ])('are as they were when the plan file %s, and say so in one line', async (_how, edit) => {
    const before = await look('--plan', planFile)
    expect(before.map(({ stderr }) => stderr)).toEqual(['', '', '', ''])
    writeFileSync(planFile, edit(original))
    expect(readFileSync(planFile, 'utf8')).not.toBe(original)
    const after = await look('--plan', planFile)
    expect(after.map(({ stdout }) => stdout)).toEqual(before.map(({ stdout }) => stdout))
    for (const { stderr, exitCode } of after) {
      expect(exitCode).toBe(0)
      expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    }
    expect(after[0]?.stderr).toMatch(/plan file .*uses the journal/)
    expect(after[1]?.stderr).toMatch(/fichier du plan .*utilise le journal/)
  })

  it('names what differs, a few of the places', async () => {
    writeFileSync(planFile, original.replace(/^title: .*$/m, 'title: Quite another title'))
    expect((await withPlan('status')).stderr).toContain('(title)')
  })

  it('need no plan file: the only migration there is is meant, else the one that is named', async () => {
    rmSync(planFile)
    const only = await withPlan('status', '--json')
    expect(documentOf(only)).toMatchObject({ plan: 'techcorp', state: 'moved' })
    expect(only.stderr).toContain(`Migration techcorp found in ${state}`)
    const named = await line.type('status', '--json', '--state', atGo)
    expect(named.stderr).toBe('')
    expect(documentOf(named)).toMatchObject({ plan: 'techcorp', state: 'waiting' })
  })

  it('of several migrations ask which, by their directories', async () => {
    rmSync(planFile)
    const other = join(stateHome, 'other')
    cpSync(state, other, { recursive: true })
    const { exitCode, stderr } = await withPlan('report')
    expect(exitCode).toBe(2)
    expect(stderr).toContain(`--state: ${other}, ${state}`)
    rmSync(other, { recursive: true })
  })

  it('of a plan that never ran say what is wrong in the plan', async () => {
    const empty = join(line.home, 'empty')
    mkdirSync(empty, { recursive: true })
    const typed = await line.type('status', '--plan', '/nowhere.yaml', '--state', empty)
    expect(typed).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('/nowhere.yaml') })
  })
})

describe('without a plan file', () => {
  const type = (...argv: string[]) => line.type(...argv, '--plan', '/nowhere.yaml', '--state', atGo)

  it('orders are given, by the roles of the plan in the journal', async () => {
    expect(await type('go', '--as', 'dba')).toMatchObject({ exitCode: 11 })
    expect(await type('hold', '--reason', 'phone')).toMatchObject({ exitCode: 11 })
    expect(await type('go', '--as', 'nobody')).toMatchObject({ exitCode: 2 })
    expect(openInbox(atGo).take('run-1')).toMatchObject([{ order: { do: 'go' } }, { order: { do: 'hold' } }])
  })

  it('the journal is verified and shown', async () => {
    expect(documentOf(await type('journal', 'verify', '--json'))).toMatchObject({ verified: true })
    expect((await type('journal', 'show')).stdout).toContain('plan recorded')
    expect((await type('journal', 'show', '--lang', 'fr')).stdout).toContain('plan enregistré')
  })

  it('what begins something new wants the plan file', async () => {
    for (const verb of ['audit', 'preflight', 'replicate', 'rehearse', 'run'])
      expect(await type(verb), verb).toMatchObject({ exitCode: 2 })
  })

  it('a closing begins by the journal: refused for what it says, not for the plan', async () => {
    expect(await type('close')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('has not ended'),
    })
  })
})
