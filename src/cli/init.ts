import { writeFileSync } from 'node:fs'
import { exitCodes, Failure } from '../model/failure.ts'
import { initPlan } from '../plan/init/init-plan.ts'
import { span } from '../views/lines.ts'
import { unwritable } from './file-failures.ts'
import { canAsk } from './prompt.ts'
import type { Verb } from './verb.ts'

/** Writes a first plan that passes `check`, with comments; never over one that is there, unless told so. */
export const init: Verb = {
  name: 'init',
  group: 'plan',
  summary: 'cli.init.summary',
  examples: 'cli.init.examples',
  options: [{ flags: '--force', text: 'cli.init.option.force' }],
  async run(context, call) {
    const file = context.options.plan
    const text = await initPlan({ input: canAsk(context), say: context.say })
    try {
      // `wx` fails on a file that is there, in one step: nobody's plan is lost between a look and a write
      writeFileSync(file, text, { flag: call.options.force === true ? 'w' : 'wx' })
    } catch (cause) {
      throw (cause as NodeJS.ErrnoException).code === 'EEXIST'
        ? alreadyThere(file, cause)
        : unwritable(file, cause)
    }
    context.print([
      [span(context.say({ key: 'cli.init.written', values: { file } }))],
      [span(context.say({ key: 'cli.status.next' })), span(` ${context.commandPrefix} check`, 'active')],
    ])
    context.json({ file })
    return undefined
  },
}

function alreadyThere(file: string, cause: unknown): Failure {
  return new Failure(
    { key: 'cli.init.there', values: { file } },
    { remedy: { key: 'cli.init.there.remedy' }, exitCode: exitCodes.usage, cause },
  )
}
