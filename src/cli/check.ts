import { checkPlan } from '../plan/check.ts'
import { span } from '../views/lines.ts'
import type { Verb } from './verb.ts'

/** Reads the plan and says everything that is wrong with it. Asks no host. */
export const check: Verb = {
  name: 'check',
  group: 'plan',
  async run(desk) {
    const { plan, overlay } = desk.options
    const { lines, errors, warnings, exitCode } = await checkPlan(
      [plan, ...overlay],
      await desk.kinds(),
      desk.language,
    )
    desk.print(lines.map(line => [span(line)]))
    desk.json({ ok: errors.length === 0, files: [plan, ...overlay], errors, warnings })
    return exitCode
  },
}
