import type { Argv, CommandOptions, CommandResult } from '../model/io.ts'
import { aborted, commandFailed, notStarted, timedOut, tooMuchOutput } from './command-failures.ts'
import { outputLimitBytes, startProcess } from './process.ts'
import { exit255Line } from './remote-scripts.ts'

/** How long the far end has to end a command, two seconds of TERM included, before its local side is cut off. */
export const endingSeconds = 8

/** A place where a command can be started and ended. */
export type Place = {
  host: string
  /** The local argv that runs the command at the place. */
  launch: Argv
  /** Ends the command at the place, within `endingSeconds`; never throws. */
  end(): Promise<unknown>
  /** Throws where the exit is not the command's own (ssh's 255). */
  checkExit(result: CommandResult): Promise<void>
}

/**
 * Runs one command to its end, its timeout or the abort. However it ends, nothing of it goes on running, unless the
 * place cannot be reached any more. Throws Failure.
 */
export async function runCommand(
  place: Place,
  argv: Argv,
  options: CommandOptions,
  signal: AbortSignal,
): Promise<CommandResult> {
  if (signal.aborted) throw aborted(place.host, signal.reason)
  const running = startProcess(place.launch, options)
  let stopped: 'aborted' | 'timed-out' | undefined
  let ending: Promise<unknown> | undefined
  let cutOff: NodeJS.Timeout | undefined
  const stop = (why: 'aborted' | 'timed-out'): void => {
    if (stopped) return
    stopped = why
    cutOff = setTimeout(running.kill, endingSeconds * 1000)
    ending = place.end()
  }
  const onAbort = (): void => stop('aborted')
  const deadline =
    options.timeoutSeconds === undefined
      ? undefined
      : setTimeout(() => stop('timed-out'), options.timeoutSeconds * 1000)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    const end = await running.done
    // What closed its output may outlive it: only the place knows when all of it is gone.
    await ending
    if (stopped === 'aborted') throw aborted(place.host, signal.reason)
    if (stopped === 'timed-out') throw timedOut(place.host, argv, options.timeoutSeconds ?? 0)
    if (end.ended === 'not-started') throw notStarted(place.host, argv, end.cause)
    if (end.ended === 'too-much-output') {
      await place.end()
      throw tooMuchOutput(place.host, argv, outputLimitBytes)
    }
    const own = withoutExit255Line(end)
    if (own === end) await place.checkExit(end)
    const { exitCode, stdout, stderr } = own
    if (exitCode !== 0 && !options.allowFailure) throw commandFailed(place.host, argv, own)
    return { exitCode, stdout, stderr }
  } finally {
    clearTimeout(deadline)
    clearTimeout(cutOff)
    signal.removeEventListener('abort', onAbort)
  }
}

/** The same object when the line is not there. */
function withoutExit255Line<T extends CommandResult>(result: T): T {
  const at = result.exitCode === 255 ? result.stderr.lastIndexOf(exit255Line) : -1
  return at < 0 ? result : { ...result, stderr: result.stderr.slice(0, at) }
}
