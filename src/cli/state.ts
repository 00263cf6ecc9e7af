import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Desk } from './desk.ts'

type Environment = Record<string, string | undefined>

/** Where Bascule keeps what must outlive a run: XDG_STATE_HOME/bascule, by default ~/.local/state/bascule. */
export function stateHome(env: Environment): string {
  return join(env.XDG_STATE_HOME || join(env.HOME || homedir(), '.local', 'state'), 'bascule')
}

/** The folder of one migration: its journal, orders and lock. */
export function stateDirectory(desk: Desk, planName: string): string {
  return desk.options.state ? resolve(desk.options.state) : join(stateHome(desk.env), planName)
}
