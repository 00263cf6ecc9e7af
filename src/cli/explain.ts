import { exitCodes, Failure } from '../model/failure.ts'
import type { Runbook, RunMode, Step } from '../model/step.ts'
import { nearestName } from '../plan/nearest.ts'
import { readKept } from '../run/kept-calls.ts'
import { compile } from '../runbook/compile.ts'
import { explain as explanationOf } from '../views/explanation.ts'
import { explanationJson } from '../views/explanation-json.ts'
import { explanationLines } from '../views/explanation-lines.ts'
import { openStored, type StoredMigration } from './migration.ts'
import { modes } from './status.ts'
import { textOption, type Verb } from './verb.ts'

/** One step before it runs: what it is, how it is undone, what it takes, and the very commands. Asks no host. */
export const explain: Verb = {
  name: 'explain',
  group: 'before',
  summary: 'cli.explain.summary',
  examples: 'cli.explain.examples',
  arguments: [{ name: 'step', text: 'cli.argument.explained' }],
  options: [
    { flags: '--mode', value: 'mode', text: 'cli.explain.option.mode', choices: modes },
    { flags: '--scripts', text: 'cli.explain.option.scripts' },
  ],
  async run(context, call) {
    const migration = await openStored(context)
    const [id = ''] = call.arguments
    const asked = textOption(call, 'mode') as RunMode | undefined
    const { runbook, step } = findStep(migration, id, asked)
    const plan = migration.today ?? migration.plan
    const kept = readKept(migration.stateDirectory, id)
    const explained = explanationOf({ plan, runbook, history: migration.records.history }, step, kept)
    context.print(explanationLines(explained, migration.formatter, call.options.scripts === true))
    context.json(explanationJson(explained, migration.formatter))
    return undefined
  },
}

/** The night's own steps first: most are asked for. */
const searched: readonly RunMode[] = ['live', 'preparation', 'rehearsal', 'close']

/** Throws Failure, with the name that was most likely meant. */
function findStep(
  { plan, today, kinds, records }: StoredMigration,
  id: string,
  asked: RunMode | undefined,
): { runbook: Runbook; step: Step } {
  const names = new Set<string>()
  for (const mode of asked === undefined ? searched : [asked]) {
    const runbook = compile({ plan: today ?? plan, kinds, mode, facts: records.history.facts })
    const step = runbook.steps.find(one => one.id === id)
    if (step !== undefined) return { runbook, step }
    for (const { id: name } of runbook.steps) names.add(name)
  }
  const nearest = nearestName(id, names)
  throw new Failure(
    { key: 'cli.explain.unknown', values: { step: id } },
    {
      remedy: nearest
        ? { key: 'cli.usage.nearest', values: { nearest } }
        : { key: 'cli.explain.known', values: { steps: [...names].join(', ') } },
      exitCode: exitCodes.usage,
    },
  )
}
