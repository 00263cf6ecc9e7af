// The main job on one machine: two sites raised, the TechCorp plan carried out on real services under simulated users, judged.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { loadKinds } from '../../src/adapters/registry.ts'
import { readJournal } from '../../src/journal/read.ts'
import { exitCodes } from '../../src/model/failure.ts'
import { openPlan } from '../../src/plan/load.ts'
import { fold } from '../../src/run/fold.ts'
import { compile } from '../../src/runbook/compile.ts'
import { lowerLab, raiseLab } from '../lab.ts'
import type { Lab } from '../types.ts'
import { faultNamed } from './faults.ts'
import { createNarrator } from './narrate.ts'
import { type DemoOptions, parseOptions, usage } from './options.ts'
import { beThere } from './people.ts'
import { startTraffic } from './traffic.ts'
import { type Bascule, bascule } from './verbs.ts'
import { type DemoVerdict, readVerdict } from './verdict.ts'

/** How long users go on before the first verb and after the last: both sides of the cut are seen. Seconds. */
const quietSeconds = { before: 3, after: 6 }

async function demo(options: DemoOptions): Promise<number> {
  const say = createNarrator(options.language)
  say('lab', { size: sizeName(options) })
  await lowerLab(options.name)
  const { name, size } = options
  const lab = await raiseLab({ name, size, linkMbps: 200, initialTtlSeconds: 10 })
  try {
    return await migrate(lab, options, say)
  } finally {
    if (options.keep) say('kept', { directory: lab.directory })
    else await lowerLab(name)
  }
}

async function migrate(
  lab: Lab,
  options: DemoOptions,
  say: ReturnType<typeof createNarrator>,
): Promise<number> {
  const fault = faultNamed(options.fault)
  const stateDirectory = join(lab.directory, 'state')
  mkdirSync(stateDirectory, { mode: 0o700 })
  const overlays = [lab.overlayFile, ...faultOverlay(lab, fault?.overlay)]
  const { run } = bascule(environment(stateDirectory, overlays, options))
  const plan = await openPlan([planFile, ...overlays], await loadKinds())
  const traffic = startTraffic(lab, options.size, options.rate)
  await wait(quietSeconds.before * 1000)

  await must(run, say, 'audit')
  await must(run, say, 'replicate')
  await must(run, say, 'rehearse')
  // a rehearsal makes the target its own for a while: what was proven before it is proven again
  await must(run, say, 'replicate')
  await must(run, say, 'preflight')

  const goneHome = new AbortController()
  const team = beThere(lab, stateDirectory, rolesOf(plan), fault, goneHome.signal)
  say(options.fault ? 'night-fault' : 'night', { fault: options.fault ?? '' })
  const night = await run('run', '--at', 'now', '--json')
  goneHome.abort()
  await team
  await wait(quietSeconds.after * 1000)
  const summary = await traffic.stop()

  const history = historyOf(stateDirectory)
  const runbook = compile({ plan, kinds: await loadKinds(), mode: 'live', facts: history.facts })
  const { verdict, cut } = await readVerdict(lab, plan, runbook, stateDirectory, traffic.ledger)
  writeFileSync(join(stateDirectory, 'evidence.json'), JSON.stringify(evidenceOf(verdict, cut)))
  if (options.json) process.stdout.write(`${JSON.stringify({ ...verdict, users: summary }, null, 2)}\n`)
  else await tellReport(run, stateDirectory)
  say('verdict', { ...verdict.ledger, outcome: verdict.outcome, sessionsLost: summary.sessionsLost })
  return judged(verdict, night.exitCode)
}

const planFile = join(import.meta.dirname, '../../examples/techcorp/plan.yaml')

function environment(state: string, overlays: string[], options: DemoOptions): Record<string, string> {
  return {
    BASCULE_PLAN: planFile,
    BASCULE_OVERLAY: overlays.join(':'),
    BASCULE_STATE: state,
    BASCULE_BY: 'demo',
    ...(options.language && { BASCULE_LANG: options.language }),
  }
}

function faultOverlay(lab: Lab, text: string | undefined): string[] {
  if (text === undefined) return []
  const file = join(lab.directory, 'fault-overlay.yaml')
  writeFileSync(file, text)
  return [file]
}

async function must(
  run: Bascule['run'],
  say: ReturnType<typeof createNarrator>,
  verb: string,
): Promise<void> {
  say(verb, {})
  const { exitCode } = await run(verb, '--json')
  if (exitCode !== exitCodes.ok) throw new Error(`bascule ${verb} ended with ${exitCode}`)
}

function rolesOf(plan: Awaited<ReturnType<typeof openPlan>>) {
  const nameOf = (role: string): string => plan.people.find(person => person.role === role)?.name ?? role
  const of = (gate: keyof typeof plan.gates) =>
    plan.gates[gate].signoffs.map(role => ({ role, name: nameOf(role) }))
  return { go: of('go'), integrity: of('integrity'), reopen: of('reopen') }
}

function historyOf(stateDirectory: string) {
  const journal = readJournal(join(stateDirectory, 'journal.db'))
  try {
    return fold(journal.entries())
  } finally {
    journal.close()
  }
}

/** What `bascule report --evidence` takes: the cut as users saw it, and the ledger's verdict. */
function evidenceOf(verdict: DemoVerdict, cut: Awaited<ReturnType<typeof readVerdict>>['cut']) {
  const { ledger, records, files } = verdict
  const { acknowledged, lost, duplicated } = ledger
  const seen = Object.entries(cut).flatMap(([service, one]) => {
    if (!one || one.seconds === null) return []
    const lastAtSource = one.lastSuccessAtSource
    const firstAtTarget = one.firstSuccessAtTarget
    return [
      [
        service,
        {
          seconds: one.seconds,
          ...(lastAtSource && { lastAtSource }),
          ...(firstAtTarget && { firstAtTarget }),
        },
      ],
    ]
  })
  return { cut: Object.fromEntries(seen), ledger: { acknowledged, lost, duplicated }, records, files }
}

async function tellReport(run: Bascule['run'], stateDirectory: string): Promise<void> {
  const { stdout } = await run('report', '--evidence', join(stateDirectory, 'evidence.json'))
  process.stdout.write(stdout)
}

/** A write lost or doubled, or a service that does not serve at the end, is a failure whatever the night's own outcome. */
function judged(verdict: DemoVerdict, nightExitCode: number): number {
  const isWhole = verdict.ledger.lost === 0 && verdict.ledger.duplicated === 0 && verdict.journal.verified
  const isServed = Object.values(verdict.cut).every(service => service.servedAtEnd)
  return isWhole && isServed ? nightExitCode : exitCodes.failure
}

const sizeName = ({ size }: DemoOptions): string =>
  typeof size === 'string' ? size : size.databaseBytes.toString()

try {
  const options = parseOptions(process.argv.slice(2))
  process.exitCode = await demo(options)
} catch (error) {
  process.stderr.write(`demo: ${error instanceof Error ? error.message : String(error)}\n${usage}\n`)
  process.exitCode = exitCodes.failure
}
