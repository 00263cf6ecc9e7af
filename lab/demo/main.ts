// The main job on one machine: two sites raised, the TechCorp plan carried out on real services under simulated users, judged.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { exitCodes } from '../../src/model/failure.ts'
import { formatSize } from '../estate/seed/sizes.ts'
import { lowerLab, ownName } from '../lab.ts'
import { allParts, withoutMachines } from '../topology.ts'
import { basculeDies, basculeDiesName, isTakenOver, type Takeover } from './bascule-dies.ts'
import { type Fault, isAsMeant, nightFaultNamed, overlayOf } from './faults.ts'
import { faultAheadNamed, foundAhead } from './found-ahead.ts'
import { judged, wrongIn } from './judged.ts'
import { lostInSync } from './lost-in-sync.ts'
import { createNarrator, type Narrator } from './narrate.ts'
import { withTeam } from './night.ts'
import { type DemoOptions, inSync, parseOptions, usage } from './options.ts'
import { lookingAgain, prepare, verbKeys } from './prepare.ts'
import { raiseStage, type Stage } from './stage.ts'
import { stopUsers } from './stop-users.ts'
import type { VerbEnd } from './verbs.ts'
import { type DemoVerdict, evidenceOf, readVerdict } from './verdict.ts'

/** How long users go on before the first verb: at first all log in at once, which an emulated CPU feels. Seconds. */
const quietSeconds = 10

async function demo(options: DemoOptions & { name: string }): Promise<number> {
  const say = createNarrator(options.language)
  const { name, size, language, rate, machines } = options
  const ahead = faultAheadNamed(options.fault)
  const overlay = overlayOf(ahead ?? nightFaultNamed(options.fault) ?? {}, machines)
  say('demo.lab', { size: formatSize(size) })
  await lowerLab(name)
  try {
    const stage = await raiseStage({
      name,
      size,
      rate,
      parts: machines ? allParts : withoutMachines,
      ...(overlay && { overlay }),
      ...(language && { language }),
    })
    if (ahead !== undefined) return await foundAhead(stage, ahead, say)
    if (options.fault === inSync) return await lostInSync(stage, say)
    return await migrate(stage, options, say)
  } finally {
    if (options.keep) say('demo.kept', { name })
    else await lowerLab(name)
  }
}

async function migrate(stage: Stage, { fault, json }: DemoOptions, say: Narrator): Promise<number> {
  await wait(quietSeconds * 1000)
  await prepare(stage, verb => say(verbKeys[verb], {}))
  say(fault ? 'demo.night-fault' : 'demo.night', { fault: fault ?? '' })
  const nightFault = nightFaultNamed(fault)
  const { night, takeover, at } =
    fault === basculeDiesName ? await takenOver(stage) : await carriedOut(stage, nightFault)
  const exitCode = (await nightFault?.afterMove?.(at)) ?? night.exitCode
  await nightFault?.mend?.(stage.lab)
  const users = await stopUsers(stage.users)
  const verdict = await readVerdict(at)
  const document = { ...verdict, ...(takeover && { takeover }), users }
  if (json) process.stdout.write(`${JSON.stringify(document, null, 2)}\n`)
  else process.stdout.write(await report(at, verdict))
  const { outcome, ledger, dns } = verdict
  const { sessionsLost } = users
  say('demo.verdict', { ...ledger, ...dns, outcome, sessionsLost })
  tellOfTheNetwork(verdict, say)
  const wrong = wrongIn({ ...verdict, sessionsLost }, nightFault?.excuses)
  if (nightFault && !isAsMeant(nightFault, verdict)) wrong.push('fault')
  if (takeover && !isTakenOver(takeover)) wrong.push('fault')
  if (wrong.length > 0) say('demo.wrong', { what: wrong.join(', ') })
  return judged(wrong, exitCode)
}

type Night = { night: VerbEnd; at: Stage; takeover?: Takeover }

async function carriedOut(stage: Stage, fault: Fault | undefined): Promise<Night> {
  const night = await withTeam(stage, fault, () =>
    lookingAgain(() => stage.run('run', '--at', 'now', '--json')),
  )
  return { night, at: stage }
}

async function takenOver(stage: Stage): Promise<Night> {
  const { stage: at, ...ended } = await basculeDies(stage)
  return { ...ended, at }
}

function tellOfTheNetwork({ vpn, forwarder, stubborn }: DemoVerdict, say: Narrator): void {
  for (const { name, before, rehearsal, after, withoutTunnel, tried, backAfterSeconds } of vpn.trainers)
    say('demo.trainer', {
      ...{ name, withoutTunnel, tried, before: before.reached, after: after.reached },
      rehearsal: rehearsal?.reached ?? 0,
      failed: before.failed + (rehearsal?.failed ?? 0) + after.failed,
      back: backAfterSeconds ?? '–',
    })
  const byService = Object.entries(forwarder.byService).map(([service, clients]) => `${service} ${clients}`)
  const { requests, failedAfterReopening } = stubborn
  say('demo.late', {
    clients: forwarder.clients,
    services: byService.join(', ') || '–',
    requests,
    failedAfterReopening,
  })
}

async function report({ run, stateDirectory }: Stage, verdict: DemoVerdict): Promise<string> {
  const file = join(stateDirectory, 'evidence.json')
  writeFileSync(file, JSON.stringify(evidenceOf(verdict)))
  return (await run('report', '--evidence', file)).stdout
}

function readOptions(): DemoOptions | undefined {
  try {
    return parseOptions(process.argv.slice(2))
  } catch (error) {
    process.stderr.write(`demo: ${error instanceof Error ? error.message : String(error)}\n${usage}\n`)
    process.exitCode = exitCodes.usage
    return undefined
  }
}

/** Ctrl-C leaves nothing behind either; the verb that runs is interrupted by the same keys. */
function lowerWhenInterrupted(name: string, keep: boolean): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, async () => {
      if (!keep) await lowerLab(name)
      process.exit(130)
    })
  }
}

const options = readOptions()
if (options !== undefined) {
  const { name = options.keep ? 'demo' : ownName('demo'), keep } = options
  lowerWhenInterrupted(name, keep)
  process.exitCode = await demo({ ...options, name })
}
