import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { enterArgv } from '../enter.ts'
import type { Size } from '../estate/seed/sizes.ts'
import type { Lab } from '../types.ts'
import type { Summary } from '../users/ledger.ts'

export type Traffic = { ledger: string; stop(): Promise<Summary> }

/** People on the Internet, who know the services by name only, at a steady rate, from now on. */
export function startTraffic(lab: Lab, size: Size, rate: number): Traffic {
  const ledger = join(lab.directory, 'ledger.jsonl')
  const sizeText = typeof size === 'string' ? size : `${size.databaseBytes},${size.files},${size.fileBytes}`
  const program = [
    process.execPath,
    join(import.meta.dirname, '../users/main.ts'),
    `--resolver=${lab.prefix}.4.53`,
    `--ledger=${ledger}`,
    `--rate=${rate}`,
    `--size=${sizeText}`,
    `--site=montpellier=${lab.prefix}.4.11`,
    `--site=toulouse=${lab.prefix}.4.12`,
  ]
  const [command = '', ...argv] = enterArgv(lab, 'internet-users', program)
  const child = spawn(command, argv, { stdio: ['ignore', 'pipe', 'inherit'] })
  let stdout = ''
  child.stdout.on('data', chunk => {
    stdout += chunk
  })
  const ended = new Promise<void>(resolve => child.on('close', () => resolve()))
  return {
    ledger,
    async stop() {
      endUsers(child)
      await ended
      return JSON.parse(stdout) as Summary
    },
  }
}

/** nsenter stands in front of the program and hands the signal on. */
const endUsers = (child: ChildProcess): void => void child.kill('SIGTERM')
