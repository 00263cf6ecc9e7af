import { join } from 'node:path'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Event } from '../../src/model/event.ts'
import type { ReturnPathSeen } from '../../src/model/return-path.ts'
import type { Runbook } from '../../src/model/step.ts'
import type { Text } from '../../src/model/text.ts'
import { withAnsweringExecutor } from '../helpers/answering-executor.ts'
import { CommandLine } from '../helpers/command-line.ts'
import { examplePlan, moved, stateWith } from '../helpers/state-directory.ts'

/** Stands for the person at the keyboard. */
const person = vi.hoisted(() => ({ asked: [] as string[], says: true }))
vi.mock('../../src/cli/prompt.ts', () => ({
  confirmed: async (_context: unknown, { key }: Text) => {
    person.asked.push(key)
    return person.says
  },
}))

const line = new CommandLine()
let count = 0
let state = ''
beforeEach(() => {
  Object.assign(person, { asked: [], says: true })
  count += 1
  state = join(line.home, `state-${count}`)
})

const seen: ReturnPathSeen = {
  ...{ state: 'good', bytesBehind: 4096, secondsBehind: 2 },
  atStake: { key: 'postgres.returnPath.atStake' },
}

/** All data are at the target, and no host of the source answers. */
const sourceDead = (runbook: Runbook): Event[] => [
  ...moved(runbook).filter(({ type }) => type !== 'run.finished'),
  { type: 'gate.reached', gate: 'integrity' },
  { type: 'gate.opened', gate: 'integrity' },
  { type: 'site.asked', side: 'source', silent: ['montpellier-db'] },
]

/** While a program carries the run out, which takes the order. */
const goOn = async (events: (runbook: Runbook) => Event[], ...more: string[]) => {
  await stateWith(state, events)
  const argv = ['go-on', '--without', 'source', '--isolated', 'power cut', '--and-by', 'Paul Roux']
  return withAnsweringExecutor(state, false, () =>
    line.type(...argv, '--reason', 'fire', '--plan', examplePlan, '--state', state, ...more),
  )
}

describe('who goes on without the source', () => {
  it('sees first what nobody can take back, and until when each return path is known to have worked', async () => {
    const { stderr } = await goOn(runbook => [
      ...sourceDead(runbook),
      { type: 'return-path.seen', component: 'database', seen },
    ])
    expect(stderr).toContain('Montpellier: no answer from montpellier-db.')
    expect(stderr).toContain('Isolated, as stated: power cut')
    expect(stderr).toContain('Two people answer for it: you and Paul Roux.')
    expect(stderr).toContain('no rollback is possible afterwards')
    expect(stderr).toMatch(/return path of Base PostgreSQL worked when last checked at \d\d:\d\d:\d\d\./)
    expect(stderr).toContain('Not yet copied back then: up to 2 s of writes, 4.1 kB')
  })

  it('sees when a return path was made that nobody has checked since, and which one is missing', async () => {
    const { stderr } = await goOn(runbook => sourceDead(withoutFiles(runbook)))
    expect(stderr).toMatch(
      /return path of Base PostgreSQL was made at \d\d:\d\d:\d\d and not checked after that/,
    )
    expect(stderr).toContain('The return path of Serveur de fichiers had not been made.')
  })

  it('is asked, and changes nothing by a no', async () => {
    person.says = false
    const typed = await goOn(sourceDead)
    expect(person.asked).toEqual(['cli.go-on.sure'])
    expect(typed).toMatchObject({ exitCode: 1, stdout: '' })
    expect(typed.stderr).toContain('Cancelled: nothing was changed.')
  })

  it('gives the order by a yes', async () => {
    expect(await goOn(sourceDead)).toMatchObject({
      exitCode: 0,
      stdout: 'Accepted: go-on --without source\n',
    })
    expect(person.asked).toEqual(['cli.go-on.sure'])
  })

  it('is not asked with --yes', async () => {
    person.says = false
    expect(await goOn(sourceDead, '--yes')).toMatchObject({ exitCode: 0 })
    expect(person.asked).toEqual([])
  })
})

/** The step that makes the files' return path has not begun. */
const withoutFiles = (runbook: Runbook): Runbook => ({
  ...runbook,
  steps: runbook.steps.filter(step => step.component !== 'files' || step.makesReturnPath === undefined),
})
