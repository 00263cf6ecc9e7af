// The main job on one machine: two sites raised, the TechCorp plan carried out on real services under simulated users, judged.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { exitCodes } from '../../src/model/failure.ts'
import { formatSize } from '../estate/seed/sizes.ts'
import { lowerLab } from '../lab.ts'
import { allParts, withoutMachines } from '../topology.ts'
import { faultNamed } from './faults.ts'
import { judged, wrongIn } from './judged.ts'
import { createNarrator, type Narrator } from './narrate.ts'
import { withTeam } from './night.ts'
import { type DemoOptions, parseOptions, usage } from './options.ts'
import { prepare } from './prepare.ts'
import { raiseStage, type Stage } from './stage.ts'
import { type DemoVerdict, evidenceOf, readVerdict } from './verdict.ts'

/**
 * How long users go on before the first verb and after the last: both sides of the cut are seen. Seconds. At first all log
 * in at once, which an emulated CPU feels.
 */
const quietSeconds = { before: 10, after: 6 }

async function demo(options: DemoOptions): Promise<number> {
  const say = createNarrator(options.language)
  const { name, size, language, rate, machines } = options
  const { overlay } = faultNamed(options.fault) ?? {}
  say('lab', { size: formatSize(size) })
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
    return await migrate(stage, options, say)
  } finally {
    if (options.keep) say('kept', { name })
    else await lowerLab(name)
  }
}

async function migrate(stage: Stage, { fault, json }: DemoOptions, say: Narrator): Promise<number> {
  await wait(quietSeconds.before * 1000)
  await prepare(stage, verb => say(verb, {}))
  say(fault ? 'night-fault' : 'night', { fault: fault ?? '' })
  const night = await withTeam(stage, faultNamed(fault), () => stage.run('run', '--at', 'now', '--json'))
  await wait(quietSeconds.after * 1000)
  const users = await stage.users.stop()
  const verdict = await readVerdict(stage)
  if (json) process.stdout.write(`${JSON.stringify({ ...verdict, users }, null, 2)}\n`)
  else process.stdout.write(await report(stage, verdict))
  const { outcome, ledger, dns } = verdict
  const { sessionsLost } = users
  say('verdict', { ...ledger, ...dns, outcome, sessionsLost })
  const wrong = wrongIn({ ...verdict, sessionsLost })
  if (wrong.length > 0) say('wrong', { what: wrong.join(', ') })
  return judged({ ...verdict, sessionsLost }, night.exitCode)
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
function lowerWhenInterrupted({ name, keep }: DemoOptions): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, async () => {
      if (!keep) await lowerLab(name)
      process.exit(130)
    })
  }
}

const options = readOptions()
if (options !== undefined) {
  lowerWhenInterrupted(options)
  process.exitCode = await demo(options)
}
