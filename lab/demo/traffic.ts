import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { hostOf } from '../enter.ts'
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
  // only the network of the users' host: their ledger is the laboratory's, outside of what they use
  const argv = ['netns', 'exec', hostOf(lab, 'internet-users').namespace, ...program]
  const child = spawn('ip', argv, { stdio: ['ignore', 'pipe', 'inherit'] })
  let stdout = ''
  child.stdout.on('data', chunk => {
    stdout += chunk
  })
  const ended = new Promise<void>(resolve => child.on('close', () => resolve()))
  return {
    ledger,
    async stop() {
      child.kill('SIGTERM')
      await ended
      return JSON.parse(stdout) as Summary
    },
  }
}
