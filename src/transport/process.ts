import { StringDecoder } from 'node:string_decoder'
import { execa } from 'execa'
import type { Argv, CommandResult } from '../model/io.ts'
import { lineSplitter } from './lines.ts'

/** Most that a command may print when its whole output is wanted. */
export const outputLimitBytes = 256 * 1024 * 1024
/** What is kept of the output of a command that is read line by line as it comes. */
export const keptTailBytes = 1024 * 1024

/** Variables of this program that hold secrets. */
const withheld = new Set<string>()

/** From here on no program that is started gets these variables of the environment: they are secrets of the plan. */
export function withholdVariables(names: readonly string[]): void {
  for (const name of names) withheld.add(name)
}

export type ProcessOptions = { input?: string; onLine?: (line: string) => void }
export type ProcessEnd =
  | ({ ended: 'exited' } & CommandResult)
  | { ended: 'not-started'; cause: unknown }
  | { ended: 'too-much-output' }
export type RunningProcess = { done: Promise<ProcessEnd>; kill(): void }

/**
 * Starts a program on this machine in a process group of its own, so that Ctrl-C at the terminal reaches the
 * orchestrator alone, and `kill` reaches the program's children too.
 */
export function startProcess(argv: Argv, options: ProcessOptions = {}): RunningProcess {
  const [program = '', ...rest] = argv
  const child = execa(program, rest, {
    ...(options.input === undefined ? { stdin: 'ignore' as const } : { input: options.input }),
    env: Object.fromEntries([...withheld].map(name => [name, undefined])),
    buffer: false,
    detached: true,
    cleanup: false,
    reject: false,
  })
  function kill(): void {
    if (child.pid === undefined) return
    try {
      process.kill(-child.pid, 'SIGKILL')
    } catch {
      // It has ended by itself.
    }
  }
  const stdout = collect(options.onLine ? keptTailBytes : outputLimitBytes, !options.onLine, kill)
  const stderr = collect(keptTailBytes, false, kill)
  const lines = options.onLine && lineSplitter(options.onLine)
  child.stdout?.on('data', (bytes: Buffer) => {
    const text = stdout.push(bytes)
    lines?.push(text)
  })
  child.stderr?.on('data', (bytes: Buffer) => stderr.push(bytes))

  async function finish(): Promise<ProcessEnd> {
    const result = await child
    lines?.end()
    if (stdout.overflowed()) return { ended: 'too-much-output' }
    if (child.pid === undefined) return { ended: 'not-started', cause: result.cause ?? result }
    return { ended: 'exited', exitCode: result.exitCode ?? 128, stdout: stdout.text(), stderr: stderr.text() }
  }
  return { done: finish(), kill }
}

/** Runs a short program of our own to its end, for at most so long. */
export async function runBriefly(argv: Argv, seconds: number): Promise<ProcessEnd> {
  const running = startProcess(argv)
  const timer = setTimeout(running.kill, seconds * 1000)
  return running.done.finally(() => clearTimeout(timer))
}

/** Gathers text up to a limit; past it either everything stops (`strict`) or the oldest part is let go. */
function collect(limitBytes: number, strict: boolean, stop: () => void) {
  const decoder = new StringDecoder('utf8')
  let parts: string[] = []
  let length = 0
  let overflowed = false
  return {
    push(bytes: Buffer): string {
      const text = decoder.write(bytes)
      parts.push(text)
      length += text.length
      if (length > limitBytes && strict && !overflowed) {
        overflowed = true
        stop()
      }
      if (length > 2 * limitBytes || overflowed) {
        const tail = parts.join('').slice(-limitBytes)
        parts = overflowed ? [] : [tail]
        length = overflowed ? 0 : tail.length
      }
      return text
    },
    text: () => parts.join('') + decoder.end(),
    overflowed: () => overflowed,
  }
}
