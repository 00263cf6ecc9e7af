import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Failure } from '../../src/model/failure.ts'
import type { Argv, ChangeIo, CommandOptions, CommandResult } from '../../src/model/io.ts'

/** Hosts that are folders of this machine: the real scripts run, with what would be `/var/lib/bascule` in the host's folder. */
export type LocalSites = {
  io: ChangeIo
  /** Hosts that cannot be reached now. */
  dead: Set<string>
  fileOf(host: string, name: string): string
  /** The whole lines of a host's copy of the journal, parsed. */
  copyAt(host: string): { sequence: number; hash: string; event: { type: string; step?: string } }[]
}

export function localSites(home: string, planName: string): LocalSites {
  const dead = new Set<string>()
  const directoryAt = (host: string): string => join(home, host)
  const run = async (host: string, argv: Argv, options: CommandOptions = {}): Promise<CommandResult> => {
    if (dead.has(host))
      throw new Failure(
        { key: 'transport.unreachable', values: { host, detail: '' } },
        { code: 'unreachable' },
      )
    mkdirSync(directoryAt(host), { recursive: true })
    const [program = '', ...rest] = argv.map(word => word.replace('/var/lib/bascule', directoryAt(host)))
    const { status, stdout, stderr } = spawnSync(program, rest, {
      input: options.input ?? '',
      encoding: 'utf8',
    })
    if (status !== 0 && !options.allowFailure) throw new Error(`${program} ended with ${status}: ${stderr}`)
    return { exitCode: status ?? 1, stdout, stderr }
  }
  const fileOf = (host: string, name: string): string => join(directoryAt(host), planName, name)
  const io = { read: run, change: run, now: () => '2026-12-12T21:00:00Z' } as Partial<ChangeIo> as ChangeIo
  return {
    io,
    dead,
    fileOf,
    copyAt(host) {
      const file = fileOf(host, 'journal.jsonl')
      const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : []
      return lines.map(line => JSON.parse(line))
    },
  }
}
