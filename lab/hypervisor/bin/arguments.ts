import { hostname } from 'node:os'
import { type Machines, openMachines, type TaskLog } from '../machines/index.ts'

export type Arguments = { positional: string[]; options: Record<string, string> }

/** `--key value`, `--key=value`, and `--flag` before another option or the end, which is `1`. */
export function parseArguments(argv: readonly string[]): Arguments {
  const parsed: Arguments = { positional: [], options: {} }
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? ''
    const [, key, value] = /^--?([a-zA-Z][\w-]*)(?:=(.*))?$/s.exec(word) ?? []
    if (key === undefined) parsed.positional.push(word)
    else if (value !== undefined) parsed.options[key] = value
    else if (at + 1 < argv.length && !argv[at + 1]?.startsWith('--')) parsed.options[key] = argv[++at] ?? ''
    else parsed.options[key] = '1'
  }
  return parsed
}

/** The machines of the hypervisor this runs on; PVE_ROOT where its files lie below another directory. */
export const hereMachines = (): Machines =>
  openMachines({ root: process.env.PVE_ROOT ?? '/', node: hostname().replace(/-hypervisor$/, '') })

/** What a task would write goes to the terminal. */
export const terminalLog = (): TaskLog => ({
  line: text => console.log(text),
  warn: text => console.error(`WARN: ${text}`),
  signal: new AbortController().signal,
})

export class UsageError extends Error {}

/** Runs one command and ends as PVE's do: 255 for what is refused, with its reason. */
export async function runCommand(
  program: string,
  commands: Record<string, (args: Arguments) => Promise<void>>,
): Promise<void> {
  const [name = '', ...rest] = process.argv.slice(2)
  const command = commands[name]
  try {
    if (!command)
      throw new UsageError(`usage: ${program} <${Object.keys(commands).join('|')}> [ARGS] [OPTIONS]`)
    await command(parseArguments(rest))
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    process.exitCode = 255
  }
}

export const flag = (options: Record<string, string>, name: string): boolean =>
  ['1', 'yes', 'on', 'true'].includes(options[name] ?? '0')

/** The options that are settings and not the command's own. */
export function without(options: Record<string, string>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(options).filter(([key]) => !names.includes(key)))
}
