import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Fault, faults, isAsMeant, type NightFaultName, plainFaultNames } from '../../lab/demo/faults.ts'
import {
  type FaultAheadName,
  faultAheadNamed,
  faultAheadNames,
  foundAhead,
} from '../../lab/demo/found-ahead.ts'
import { wrongIn } from '../../lab/demo/judged.ts'
import { lostInSync } from '../../lab/demo/lost-in-sync.ts'
import { withTeam } from '../../lab/demo/night.ts'
import { lookingAgain } from '../../lab/demo/prepare.ts'
import { enterStage, raiseStage, type Stage } from '../../lab/demo/stage.ts'
import { stopUsers } from '../../lab/demo/stop-users.ts'
import { readVerdict } from '../../lab/demo/verdict.ts'
import {
  firewallRestored,
  linkRate,
  linkUp,
  promotionWorks,
  rightTsigKey,
  secondaryTakesZone,
  serviceStarts,
} from '../../lab/faults/faults.ts'
import { type Lab, lowerLab, ownName } from '../../lab/lab.ts'
import { withoutMachines } from '../../lab/topology.ts'
import { exitCodes } from '../../src/model/failure.ts'
import { describeLab } from '../helpers/lab-needs.ts'

const common = { size: 'tiny', rate: 8 } as const
const silent = () => {}

/** Before users have logged in and trainers have looked, there is nothing to compare a night with. */
const quietSeconds = 6

/** What takes a fault away, where it does not go with its night. */
const takenAway: Partial<Record<NightFaultName | FaultAheadName, (lab: Lab) => unknown>> = {
  'firewall-rule-missing': lab => firewallRestored(lab, 'toulouse'),
  'firewall-rule-too-many': lab => firewallRestored(lab, 'toulouse'),
  'secondary-without-zone': secondaryTakesZone,
  'wrong-tsig-key': rightTsigKey,
  'promote-fails': promotionWorks,
  'service-wont-start': lab => serviceStarts(lab),
  overrun: lab => linkRate(lab, 200),
  'link-down': linkUp,
}

/** Typed by docs-programs.test.ts and site-dies.test.ts, on laboratories of their own. */
const elsewhere = ['rows-differ', 'target-dies']
/** What cannot be taken away comes last. */
const nights: NightFaultName[] = [
  ...plainFaultNames.filter(fault => ![...elsewhere, 'file-corrupt'].includes(fault)),
  'file-corrupt',
]

// Each fault is taken away before the next: raised and prepared for each, the estate would take most of the time.
describeLab('whatever goes wrong, on one estate', () => {
  let stage: Stage
  const onStage = async (ledger: string, overlay?: string): Promise<Stage> => {
    stage = await enterStage(stage.lab, {
      ...common,
      ledgerName: `${ledger}.jsonl`,
      ...(overlay !== undefined && { overlay }),
    })
    return stage
  }

  beforeAll(async () => {
    stage = await raiseStage({ name: ownName('faults-night'), ...common, parts: withoutMachines })
  })
  afterAll(async () => {
    await stage?.users.stop().catch(() => {})
    if (stage !== undefined) await lowerLab(stage.lab.name)
  })

  it('line-lost-in-sync: the first sync waits for the line, and goes on where it was', async () => {
    expect(await lostInSync(stage, silent)).toBe(exitCodes.ok)
    await stage.users.stop()
  })

  it.each(faultAheadNames)('%s: is found before the night', async fault => {
    const ahead = faultAheadNamed(fault) ?? expect.fail(fault)
    if (ahead.overlay !== undefined) await (await onStage(fault, ahead.overlay)).users.stop()
    try {
      const found = await foundAhead(stage, { ...ahead, after: [] }, silent)
      expect(found).toBe(exitCodes.checksFailed)
    } finally {
      await takenAway[fault]?.(stage.lab)
    }
  })

  it.each(nights)(
    '%s: the night is undone, and nothing is lost',
    async name => {
      const fault: Fault = faults[name]
      const { users, run, lab } = await onStage(name, fault.overlay)
      const ready = await lookingAgain(() => run('replicate', '--json'))
      expect([ready.exitCode, ready.exitCode === exitCodes.ok ? '' : ready.stdout]).toEqual([
        exitCodes.ok,
        '',
      ])
      await wait(quietSeconds * 1000)
      const night = await withTeam(stage, fault, () =>
        lookingAgain(() => run('run', '--at', 'now', '--without-rehearsal', 'of faults alone', '--json')),
      )
      const exitCode = (await fault.afterMove?.(stage)) ?? night.exitCode
      await fault.mend?.(lab)
      await takenAway[name]?.(lab)
      const { sessionsLost } = await stopUsers(users)
      const verdict = await readVerdict(stage)
      const { outcome, dns } = verdict
      expect({
        exitCode,
        outcome,
        dns,
        wrong: wrongIn({ ...verdict, sessionsLost }, fault.excuses),
      }).toEqual({
        exitCode: exitCodes.rolledBack,
        outcome: 'rolled-back',
        dns: { records: 13, atSource: 13, atTarget: 0 },
        wrong: [],
      })
      expect([verdict.trigger, isAsMeant(fault, verdict)]).toEqual([fault.trigger, true])
    },
    1_150_000,
  )
})
