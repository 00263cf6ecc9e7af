import { afterAll, expect, it } from 'vitest'
import { wrongIn } from '../../lab/demo/judged.ts'
import { withTeam } from '../../lab/demo/night.ts'
import { lookingAgain, prepare } from '../../lab/demo/prepare.ts'
import { raiseStage, type Stage } from '../../lab/demo/stage.ts'
import { stopUsers } from '../../lab/demo/stop-users.ts'
import { readVerdict } from '../../lab/demo/verdict.ts'
import { lowerLab, ownName } from '../../lab/lab.ts'
import { withoutMachines } from '../../lab/topology.ts'
import { exitCodes } from '../../src/model/failure.ts'
import { differences } from '../helpers/fingerprint.ts'
import { describeLab } from '../helpers/lab-needs.ts'
import { networkFingerprint } from '../helpers/network-fingerprint.ts'

const name = ownName('as-it-was')

describeLab('names, VPN and firewall, to the byte', () => {
  afterAll(() => lowerLab(name))

  it('are what they were, once moved and given back, and once prepared again and given up', async () => {
    const stage = await raiseStage({ name: name, size: 'tiny', parts: withoutMachines, rate: 8 })
    const untouched = await networkFingerprint(stage.lab)
    await prepare(stage)
    const prepared = await networkFingerprint(stage.lab)
    // or else nothing below would show anything
    expect(Object.keys(differences(untouched, prepared))).toHaveLength(Object.keys(untouched).length)

    const night = await withTeam(stage, undefined, () =>
      lookingAgain(() => stage.run('run', '--at', 'now', '--json')),
    )
    expect(night.exitCode).toBe(exitCodes.ok)
    const moved = await networkFingerprint(stage.lab)
    expect(Object.keys(differences(prepared, moved))).toEqual(
      expect.arrayContaining(['names external', 'names internal', 'names reverse', 'network of montpellier']),
    )
    await undone(stage, 'the trainers cannot work')
    expect(differences(prepared, await networkFingerprint(stage.lab))).toEqual({})

    expect((await lookingAgain(() => stage.run('replicate', '--json'))).exitCode).toBe(exitCodes.ok)
    await undone(stage, 'given up')
    expect(differences(untouched, await networkFingerprint(stage.lab))).toEqual({})
    const { sessionsLost } = await stopUsers(stage.users)
    expect(wrongIn({ ...(await readVerdict(stage)), sessionsLost })).toEqual([])
  }, 1_150_000)
})

async function undone({ run }: Stage, reason: string): Promise<void> {
  const { exitCode, stdout } = await run('rollback', '--reason', reason, '--yes', '--json')
  const said = exitCode === exitCodes.rolledBack ? '' : stdout
  expect({ reason, exitCode, said }).toEqual({ reason, exitCode: exitCodes.rolledBack, said: '' })
}
