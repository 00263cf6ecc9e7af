import { openSync, writeSync } from 'node:fs'
import type { CallObserver } from '../model/host-call.ts'
import { now } from '../model/instant.ts'
import type { Plan } from '../model/plan.ts'
import { systemReason } from '../model/system-error.ts'
import { callEndLine, callLine } from '../views/call-lines.ts'
import { type Line, renderLine, span } from '../views/lines.ts'
import type { CommandContext } from './command-context.ts'
import { unwritable } from './file-failures.ts'

type Write = (line: Line) => void

/**
 * Tells on stderr (`--verbose`) and in a file (`--log`) what is done at the hosts, and read from them. Undefined when neither was asked for.
 * Throws Failure when the file cannot be written.
 */
export function observeCalls(context: CommandContext, plan: Pick<Plan, 'zone'>): { onCall?: CallObserver } {
  const { verbose, log } = context.options
  const formatter = context.formatter(plan)
  const outputs: { write: Write; time: (at: string) => string }[] = [
    ...(verbose ? [{ write: (line: Line) => context.printAlways([line]), time: formatter.clock }] : []),
    ...(log === undefined ? [] : [{ write: logTo(log, context), time: (at: string) => at }]),
  ]
  if (outputs.length === 0) return {}
  let calls = 0
  const onCall: CallObserver = call => {
    calls += 1
    const number = calls
    for (const { write, time } of outputs) write(callLine({ at: time(call.at), number }, call))
    return end => {
      const at = now()
      for (const { write, time } of outputs)
        write(callEndLine({ at: time(at), number }, call, end, formatter))
    }
  }
  return { onCall }
}

/** For its owner alone where it is new. What cannot be written any more is told once; the run goes on. */
function logTo(file: string, context: CommandContext): Write {
  const open = opened(file)
  let isBroken = false
  return line => {
    if (isBroken) return
    try {
      writeSync(open, `${renderLine(line)}\n`)
    } catch (error) {
      isBroken = true
      const text = context.say({ key: 'cli.log.broken', values: { file, why: systemReason(error) } })
      context.printAlways([[span(text, 'bad')]])
    }
  }
}

function opened(file: string): number {
  try {
    return openSync(file, 'a', 0o600)
  } catch (cause) {
    throw unwritable(file, cause)
  }
}
