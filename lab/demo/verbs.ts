import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'

const launcher = join(import.meta.dirname, '../../bin/bascule')

export type VerbEnd = { exitCode: number; stdout: string }
export type Bascule = {
  /** Runs a verb as a person would; what it tells goes to this program's stderr. */
  run(...argv: string[]): Promise<VerbEnd>
  /** The same, not waited for. */
  start(...argv: string[]): { process: ChildProcess; ended: Promise<VerbEnd> }
}

/** `bascule` for one migration, through its command line, as in the field. */
export function bascule(environment: Record<string, string>): Bascule {
  const start = (...argv: string[]) => {
    const child = spawn(launcher, argv, {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const endWithUs = () => child.kill()
    process.once('exit', endWithUs)
    let stdout = ''
    child.stdout.on('data', chunk => {
      stdout += chunk
    })
    const ended = new Promise<VerbEnd>((resolve, reject) => {
      child.on('error', reject)
      child.on('close', code => {
        process.off('exit', endWithUs)
        resolve({ exitCode: code ?? 1, stdout })
      })
    })
    return { process: child, ended }
  }
  return { start, run: (...argv) => start(...argv).ended }
}
