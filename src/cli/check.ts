import { now } from '../model/instant.ts'
import { checkPlan } from '../plan/check.ts'
import { span } from '../views/lines.ts'
import type { Verb } from './verb.ts'

/** Reads the plan and says everything that is wrong with it. Asks no host. */
export const check: Verb = {
  name: 'check',
  group: 'plan',
  summary: 'cli.check.summary',
  examples: 'cli.check.examples',
  arguments: [{ name: 'files', text: 'cli.argument.files', optional: true, variadic: true }],
  async run(context, call) {
    const { plan, overlay } = context.options
    const files = call.arguments.length > 0 ? call.arguments : [plan, ...overlay]
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
