import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import type { CommandContext } from './command-context.ts'

type Environment = Record<string, string | undefined>

/** Where Bascule keeps what must outlive a run: XDG_STATE_HOME/bascule, by default ~/.local/state/bascule. */
export function stateHome(env: Environment): string {
  return join(env.XDG_STATE_HOME || join(env.HOME || homedir(), '.local', 'state'), 'bascule')
}

/** The folder of one migration: its journal, orders and lock. */
export function stateDirectory(context: CommandContext, planName: string): string {
  return context.options.state ? resolve(context.options.state) : join(stateHome(context.env), planName)
}
