import { exitCodes, Failure } from '../model/failure.ts'
import { now } from '../model/instant.ts'
import { checkPlan } from '../plan/check.ts'
import { type RepairResult, repairFiles } from '../plan/check-repair.ts'
import { type Line, type Style, span } from '../views/lines.ts'
import type { CommandContext } from './command-context.ts'
import { replacePlan } from './replace-plan.ts'
import type { Verb } from './verb.ts'

/** Reads the plan and says everything that is wrong with it. Asks no host. */
export const check: Verb = {
  name: 'check',
  group: 'plan',
  summary: 'cli.check.summary',
  examples: 'cli.check.examples',
  arguments: [{ name: 'files', text: 'cli.argument.files', optional: true, variadic: true }],
  options: [
    { flags: '--repair', text: 'cli.check.repair' },
    { flags: '--write', text: 'cli.check.write' },
  ],
  async run(context, call) {
    const { plan, overlay } = context.options
    const files = call.arguments.length > 0 ? call.arguments : [plan, ...overlay]
    const { repair, write } = call.options
    if (repair === true) return showRepair(context, files, write === true)
    if (write === true) throw new Failure({ key: 'cli.check.writeWhat' }, { exitCode: exitCodes.usage })
    const { lines, errors, warnings, findings, notes, exitCode } = await checkPlan(
      files,
      await context.kinds(),
      context.language,
      now(),
    )
    context.print(lines.map(line => [span(line)]))
    context.json({ ok: exitCode === 0, files, errors, warnings, findings, notes })
    return exitCode
  },
}

async function showRepair(context: CommandContext, files: readonly string[], write: boolean) {
  const result = await repairFiles(files, await context.kinds(), context.language, now())
  const { exitCode, diff, changes, findings, notes, lines } = result
  const isRepaired = changes.length > 0
  const copy = write && isRepaired ? replacePlan(result.file.name, result.file.text, result.text) : undefined
  context.print([
    ...diff.map(diffLine),
    ...(isRepaired ? [[]] : []),
    ...lines.map(line => [span(line)]),
    ...(isRepaired ? [[span(context.say(ending(result, copy)))]] : []),
  ])
  const patch = diff.map(line => `${line}\n`).join('')
  context.json({ ok: exitCode === 0, files, changes, diff: patch, findings, notes, ...(copy && { copy }) })
  return exitCode
}

const ending = ({ file: { name } }: RepairResult, copy: string | undefined) =>
  copy === undefined
    ? ({ key: 'cli.repair.notWritten', values: { file: name } } as const)
    : ({ key: 'cli.repair.written', values: { file: name, copy } } as const)

const styles: Record<string, Style> = { '+': 'good', '-': 'bad', '@': 'active' }
const diffLine = (line: string): Line => [span(line, styles[line[0] ?? ''])]
