import { setTimeout as wait } from 'node:timers/promises'
import { exitCodes } from '../../src/model/failure.ts'
import { isFinished } from '../../src/run/may-start.ts'
import { wrongIn } from '../demo/judged.ts'
import { lastRun } from '../demo/last-run.ts'
import { withTeam } from '../demo/night.ts'
import { prepare, withoutRehearsal } from '../demo/prepare.ts'
import { elsewhere, raiseStage, type Stage } from '../demo/stage.ts'
import { stopUsers } from '../demo/stop-users.ts'
import { readVerdict } from '../demo/verdict.ts'
import { lowerLab, ownName } from '../lab.ts'
import { withoutMachines } from '../topology.ts'
import { adversary } from './adversary.ts'
import { theNight } from './entries.ts'
import { type Scenario, scenarioOf } from './scenario.ts'
import { smallDisks } from './troubles.ts'

/** Lives of the program and troubles cost minutes of the window. A small disk has little room for WAL. */
const overlay = `window: {length: 1 h, rollbackReserve: 5 min}
rollback: {lineLost: 2 min}
components: {database: {replication: {maxSlotWalKeepGB: 0.1}}}
`
const mostSessions = 30
const pauseSeconds = 5

type Night = {
  seed: number
  scenario: Scenario
  outcome: string
  sessions: number
  acknowledged: number
  lost: number
  duplicated: number
  /** What came of the troubles. */
  told: string[]
  wrong: string[]
}

/**
 * So many nights on the real laboratory, each in the midst of what its seed brings. Exit code 0 when each comes to an end that holds, with
 * nothing lost and nothing doubled.
 */
export async function mixedFaults(seed: number, runs: number, tell: (line: string) => void): Promise<number> {
  const nights: Night[] = []
  for (let at = 0; at < runs; at += 1) {
    const night = await nightOf(seed + at, tell).catch(error => notCarriedOut(seed + at, error))
    tell(`seed ${night.seed}: ${night.outcome}${night.wrong.map(one => `, wrong: ${one}`).join('')}`)
    nights.push(night)
  }
  const sum = (of: 'acknowledged' | 'lost' | 'duplicated'): number =>
    nights.reduce((total, night) => total + night[of], 0)
  const failed = nights.filter(({ wrong }) => wrong.length > 0).map(night => night.seed)
  const summary = { acknowledged: sum('acknowledged'), lost: sum('lost'), duplicated: sum('duplicated') }
  process.stdout.write(`${JSON.stringify({ seed, runs, ...summary, failed, nights }, null, 2)}\n`)
  return failed.length === 0 ? exitCodes.ok : exitCodes.failure
}

async function nightOf(seed: number, tell: (line: string) => void): Promise<Night> {
  const scenario = scenarioOf(seed)
  const name = ownName('campaign')
  tell(`seed ${seed}: ${JSON.stringify(scenario)}`)
  try {
    const raised = await raiseStage({
      ...{ name, size: 'tiny', parts: withoutMachines, overlay, smallDisks },
    })
    await prepare(raised, verb => tell(`bascule ${verb}`), withoutRehearsal)
    const { stage, sessions, told } = await carriedOut(raised, scenario, tell)
    const { sessionsLost } = await stopUsers(stage.users)
    const verdict = await readVerdict(stage)
    const { outcome, ledger } = verdict
    const ends = outcome === 'moved' || outcome === 'rolled-back'
    const wrong = [
      ...wrongIn({ ...verdict, sessionsLost }),
      ...(ends ? [] : [`it ended as ${outcome}`]),
      ...(told.length > 0 ? [] : ['none of its troubles came, so it shows nothing']),
    ]
    const { acknowledged, lost, duplicated } = ledger
    return { seed, scenario, outcome, sessions, acknowledged, lost, duplicated, told, wrong }
  } finally {
    await lowerLab(name)
  }
}

/** The others go on all the same. */
function notCarriedOut(seed: number, error: unknown): Night {
  const [why = ''] = String(error).split('\n')
  const none = { sessions: 0, acknowledged: 0, lost: 0, duplicated: 0, told: [] }
  return { seed, scenario: scenarioOf(seed), outcome: 'not carried out', ...none, wrong: [why] }
}

/** As people would: they start it again when it is gone, and type what `status` offers when it stands still. */
async function carriedOut(first: Stage, scenario: Scenario, tell: (line: string) => void) {
  let stage = first
  let program = begin(stage)
  let sessions = 1
  const troubles = adversary(scenario, () => ({ stage, program: program.process }), tell)
  try {
    for (; ; sessions += 1) {
      const { exitCode } = await withTeam(stage, undefined, () => program.ended)
      tell(`session ${sessions} ended with ${exitCode}`)
      const run = theNight(stage)
      if ((run !== undefined && isFinished(run)) || sessions === mostSessions) break
      await wait(pauseSeconds * 1000)
      if (exitCode === exitCodes.locked) stage = await elsewhereFrom(stage, sessions, tell)
      else if (run !== undefined) await giveOrders(stage, tell)
      program = theNight(stage) === undefined ? begin(stage) : stage.start('resume', '--json')
    }
  } finally {
    await troubles.end()
  }
  return { stage, sessions, told: troubles.told }
}

const begin = (stage: Stage) =>
  stage.start('run', '--at', 'now', '--without-rehearsal', 'a campaign of nights alone', '--json')

/** Another program has gone on: the newest journal is at the sites. The directory of a takeover that was refused was never made. */
async function elsewhereFrom(stage: Stage, session: number, tell: (line: string) => void): Promise<Stage> {
  const next = elsewhere(stage, `state-${session}`)
  const { exitCode } = await next.run(
    ...['takeover', '--from', 'montpellier-gateway', '--yes', '--no-wait', '--json'],
  )
  tell(`takeover ended with ${exitCode}`)
  return lastRun(next.stateDirectory) === undefined ? stage : next
}

type Waiting = { orders: { do: string; step?: string }[] }

/** What failed for good is tried again, once what was wrong is over. */
async function giveOrders(stage: Stage, tell: (line: string) => void): Promise<void> {
  const { stdout } = await stage.run('status', '--json')
  const { waiting = [] } = JSON.parse(stdout) as { waiting?: Waiting[] }
  for (const { orders } of waiting)
    for (const order of orders) {
      if (order.do !== 'retry' || order.step === undefined) continue
      const { exitCode } = await stage.run('retry', order.step, '--reason', 'it may work now', '--json')
      tell(`retry ${order.step} ended with ${exitCode}`)
    }
}
