import { Failure } from '../src/model/failure.ts'
import { type RunOptions, type RunResult, run } from './shell.ts'
import type { Lab, LabHost } from './types.ts'

/**
 * Turns a command into one that runs inside a host of the lab. For the lab's own needs (building, faults, simulated
 * users); Bascule itself never enters a host but by ssh.
 */
export function enterArgv(lab: Lab, hostName: string, argv: readonly string[]): string[] {
  const { pid } = hostOf(lab, hostName)
  return ['nsenter', `--target=${pid}`, '--mount', '--uts', '--ipc', '--net', '--pid', '--', ...argv]
}

export function hostOf(lab: Lab, hostName: string): LabHost {
  const host = lab.hosts[hostName]
  if (host) return host
  const hosts = Object.keys(lab.hosts).join(', ')
  throw new Failure({ key: 'lab.unknown-host', values: { name: lab.name, host: hostName, hosts } })
}

/** Runs a command inside a host. Throws a Failure unless it exits 0 or `allowFailure`. */
export function execIn(
  lab: Lab,
  hostName: string,
  argv: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  return run(enterArgv(lab, hostName, argv), options)
}
