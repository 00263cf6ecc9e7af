import type { Argv, CommandOptions, CommandResult } from '../model/io.ts'
import { asUser } from './become.ts'
import { endingSeconds, runCommand } from './command-run.ts'
import { runBriefly } from './process.ts'
import { ending, endingAll, runnable } from './remote-scripts.ts'
import { sessionIds } from './ssh.ts'

/** What the machine Bascule runs on is called in messages. */
export const localName = 'localhost'

/** The same as at a host, without ssh. */
export function runLocal(
  argv: Argv,
  options: CommandOptions,
  commandId: string,
  signal: AbortSignal,
): Promise<CommandResult> {
  return runCommand(
    {
      host: localName,
      launch: runnable(commandId, asUser(options.asUser, argv)),
      end: () => runBriefly(ending(commandId), endingSeconds),
      checkExit: () => Promise.resolve(),
    },
    argv,
    options,
    signal,
  )
}

export async function endAllLocal(keyHash: string): Promise<number[]> {
  const end = await runBriefly(endingAll(keyHash), endingSeconds)
  return end.ended === 'exited' ? sessionIds(end.stdout) : []
}
