import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { CommandLine, documentOf } from '../helpers/command-line.ts'
import { examplePlan, moved, stateWith } from '../helpers/state-directory.ts'

const line = new CommandLine()
const type = (...argv: string[]) => line.type('calendar', '--plan', examplePlan, ...argv)
const folder = join(line.home, 'calendars')

describe('calendar', () => {
  it('tells of the day asked for what is due and who is away, before anything has begun', async () => {
    const { exitCode, stdout } = await type('--on', 'J')
    expect(exitCode).toBe(0)
    expect(stdout).toContain('Window: Sat 12 Dec 2026 22:00 to Sun 13 Dec 2026 00:00 (Europe/Paris)')
    expect(stdout).toContain('Day: J, Sat 12 Dec 2026')
    expect(stdout).toContain('◆ Maintenance window, 22:00 to 00:00')
  })

  it('has one document with --json', async () => {
    const document = documentOf(await type('--on', 'J+20', '--json'))
    expect(document).toMatchObject({ plan: 'techcorp', today: { day: 20, date: '2027-01-01' } })
    expect(Object.keys(document)).toEqual(
      expect.arrayContaining(['days', 'phases', 'notices', 'people', 'due', 'late', 'away']),
    )
  })

  it('takes today where no day is asked for', async () => {
    const { today } = documentOf(await type('--json')) as { today: { date: string } }
    expect(today.date).toMatch(/^\d{4}-\d{2}-\d{2}$/)
  })

  it('refuses a day that is none', async () => {
    const { exitCode, stderr } = await type('--on', 'tomorrow')
    expect(exitCode).toBe(2)
    expect(stderr).toContain('"tomorrow" is not a day of the plan.')
  })

  it('writes one calendar file for each person, or one for everybody, and the page', async () => {
    const all = join(line.home, 'all.ics')
    await type('--ics', folder)
    expect(readdirSync(folder)).toHaveLength(5)
    const page = join(line.home, 'calendar.html')
    const { stdout, stderr } = await type('--ics', all, '--html', page)
    expect(stdout).toBe('')
    expect(stderr).toContain(all)
    expect(readFileSync(all, 'utf8')).toMatch(/^BEGIN:VCALENDAR\r\n[\s\S]+END:VCALENDAR\r\n$/)
    expect(readFileSync(page, 'utf8')).toContain('<!doctype html>')
  })

  it('says where it cannot write', async () => {
    const file = join(line.home, 'nowhere', 'calendar.html')
    const { exitCode, stderr } = await type('--html', file)
    expect([exitCode, existsSync(file)]).toEqual([1, false])
    expect(stderr).toContain(file)
  })
})

describe('calendar of a migration that has moved', () => {
  const plan = join(line.home, 'night.yaml')
  const state = join(line.home, 'moved')

  beforeAll(async () => {
    const written = readFileSync(examplePlan, 'utf8').replaceAll(
      'bodyFile: notices/',
      `bodyFile: ${dirname(examplePlan)}/notices/`,
    )
    writeFileSync(plan, `${written}\n`)
    await stateWith(state, moved, 'live', plan)
  })

  it('has done what names the night, and nothing else', async () => {
    const typed = await line.type('calendar', '--plan', plan, '--state', state, '--on', 'J+1', '--json')
    const { phases } = documentOf(typed) as { phases: { id: string; run?: string; state: { is: string } }[] }
    const done = phases.filter(phase => phase.state.is === 'done')
    expect(done.map(({ id, run }) => [id, run])).toEqual([['night', 'live']])
  })
})
