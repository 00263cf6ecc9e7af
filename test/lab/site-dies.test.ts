import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, expect, it } from 'vitest'
import { type Fault, faults, isAsMeant } from '../../lab/demo/faults.ts'
import { wrongIn } from '../../lab/demo/judged.ts'
import { lastRun } from '../../lab/demo/last-run.ts'
import { withTeam } from '../../lab/demo/night.ts'
import { lookingAgain } from '../../lab/demo/prepare.ts'
import { raiseStage, type Stage } from '../../lab/demo/stage.ts'
import { stopUsers } from '../../lab/demo/stop-users.ts'
import { readVerdict } from '../../lab/demo/verdict.ts'
import { lowerLab, ownName } from '../../lab/lab.ts'
import { withoutMachines } from '../../lab/topology.ts'
import { exitCodes } from '../../src/model/failure.ts'
import { describeLab } from '../helpers/lab-needs.ts'
import { typeLine } from '../helpers/typed-line.ts'

/** Users log in and name servers load their zones first. */
const quietSeconds = 10

// Each leaves sites that have parted: none can share an estate with another night.
describeLab('what dies for good', () => {
  let stage: Stage | undefined
  afterEach(async () => {
    await stage?.users.stop().catch(() => {})
    if (stage !== undefined) await lowerLab(stage.lab.name)
    stage = undefined
  })
  const demo = (fault: string) =>
    typeLine(`npm run --silent demo -- --fault ${fault} --without-machines --size tiny --json --lang en`, {
      seconds: 1100,
    })

  it('the target, with users at it: two people go back without it, and only what was named is lost', async () => {
    const { exitCode, stdout, stderr } = await demo('target-dies')
    const said = exitCode === exitCodes.rolledBack ? '' : stderr
    expect({ exitCode, said }).toEqual({ exitCode: exitCodes.rolledBack, said: '' })
    const { outcome, ledger, givenUp } = JSON.parse(stdout)
    expect({ outcome, side: givenUp.side }).toEqual({ outcome: 'rolled-back', side: 'target' })
    expect(givenUp.by).toHaveLength(2)
    expect(ledger).toMatchObject({ duplicated: 0, lostAsTold: ledger.lost })
  }, 1_150_000)

  it('the source, once it was stopped: two people go on without a way back, and nothing is lost', async () => {
    const fault: Fault = faults['source-dies']
    stage = await raiseStage({ name: ownName('source-dies'), size: 'tiny', rate: 8, parts: withoutMachines })
    const { users, run, stateDirectory } = stage
    await wait(quietSeconds * 1000)
    const ready = await lookingAgain(() => run('replicate', '--json'))
    expect([ready.exitCode, ready.exitCode === exitCodes.ok ? '' : ready.stdout]).toEqual([exitCodes.ok, ''])
    const night = await withTeam(stage, fault, () =>
      lookingAgain(() => run('run', '--at', 'now', '--without-rehearsal', 'of a fault alone', '--json')),
    )
    const { sessionsLost } = await stopUsers(users)
    const verdict = await readVerdict(stage)
    const { outcome, dns, ledger } = verdict
    const wrong = wrongIn({ ...verdict, sessionsLost }, fault.excuses)
    expect({ exitCode: night.exitCode, outcome, dns, wrong }).toEqual({
      exitCode: exitCodes.ok,
      outcome: 'moved',
      dns: { records: 13, atSource: 0, atTarget: 13 },
      wrong: [],
    })
    expect(ledger).toMatchObject({ lost: 0, duplicated: 0 })
    expect(isAsMeant(fault, verdict)).toBe(true)
    const { stdout } = await run('status')
    expect(stdout).toContain('No way back since')
    const back = await run('rollback', '--yes', '--reason', 'tried')
    expect(back.exitCode).toBe(exitCodes.failure)
    expect(lastRun(stateDirectory)?.outcome).toBe('moved')
  }, 1_150_000)

  it('the machine of Bascule: another goes on with the night, and the first is refused', async () => {
    const { exitCode, stdout, stderr } = await demo('bascule-dies')
    expect({ exitCode, said: exitCode === 0 ? '' : stderr }).toEqual({ exitCode: 0, said: '' })
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'moved', ledger: { lost: 0, duplicated: 0 } })
  }, 1_150_000)
})
