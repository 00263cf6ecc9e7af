import { spawn } from 'node:child_process'
import { root } from './docs-pages.ts'

export type LineEnd = { exitCode: number; stdout: string; stderr: string }
export type LineOptions = {
  /** Instead of this program's own environment. */
  env?: Record<string, string | undefined>
  /** The folder in which it is typed; left out: the project's. */
  cwd?: string
  /** What hangs is ended then, with all it has started. */
  seconds: number
}

/** A line as a person types it, in a shell. A line that is ended because it hangs has exit code -1. */
export function typeLine(
  line: string,
  { env = process.env, cwd = root, seconds }: LineOptions,
): Promise<LineEnd> {
  const child = spawn('bash', ['-c', line], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', chunk => {
    stdout += chunk
  })
  child.stderr.on('data', chunk => {
    stderr += chunk
  })
  const end = (signal: NodeJS.Signals) => child.pid !== undefined && process.kill(-child.pid, signal)
  const timer = setTimeout(() => end('SIGTERM'), seconds * 1000)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', code => {
      clearTimeout(timer)
      resolve({ exitCode: code ?? -1, stdout, stderr })
    })
  })
}
