import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export type Program = { url: string; process: ChildProcess; output: string[] }

const fileOf = (name: string) => fileURLToPath(new URL(`../../lab/${name}/main.ts`, import.meta.url))

/** Starts lab/NAME/main.ts as in the field, by plain node; resolves once it listens, throws with its output else. */
export async function startProgram(name: string, environment: Record<string, string>): Promise<Program> {
  const child = spawn(process.execPath, [fileOf(name)], {
    env: { SITE: 'montpellier', LISTEN_ADDRESS: '127.0.0.1', LISTEN_PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const output: string[] = []
  const url = await new Promise<string>((resolve, reject) => {
    child.once('exit', () => reject(new Error(`${name} ended: ${output.join('\n')}`)))
    createInterface({ input: child.stdout }).on('line', line => {
      output.push(line)
      const said = JSON.parse(line)
      if (said.event === 'listening') resolve(`http://${said.address}:${said.port}`)
    })
  })
  return { url, process: child, output }
}

export async function stopProgram(program: Program | undefined): Promise<number | null> {
  if (!program) return null
  const { process: child } = program
  if (child.exitCode === null && child.signalCode === null) {
    const exited = once(child, 'exit')
    child.kill('SIGTERM')
    await exited
  }
  return child.exitCode
}

export type Answer = { status: number; site: string | null; body: Record<string, unknown> }

export async function ask(
  url: string,
  options: { token?: string; json?: unknown; method?: string } = {},
): Promise<Answer> {
  const { token, json, method = json === undefined ? 'GET' : 'POST' } = options
  const response = await fetch(url, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(json === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(json === undefined ? {} : { body: typeof json === 'string' ? json : JSON.stringify(json) }),
    signal: AbortSignal.timeout(10_000),
  })
  const text = await response.text()
  return { status: response.status, site: response.headers.get('x-site'), body: text ? JSON.parse(text) : {} }
}
