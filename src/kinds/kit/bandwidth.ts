import type { CommandOptions, CommandResult, ReadIo } from '../../model/io.ts'
import { every, type Look, until } from './until.ts'

/** Serves one measurement and ends; it ends by itself, too, when no client comes. */
const serverArgv = (port: number): string[] => [
  ...['iperf3', '--server', '--one-off', '--port', String(port), '--idle-timeout', '10'],
]

/** Sends to `address` with one TCP stream. Tells all in JSON, failures as well. */
const client = (address: string, port: number, seconds: number): string[] => [
  ...['iperf3', '--client', address, '--port', String(port), '--time', String(seconds)],
  ...['--connect-timeout', '3000', '--json'],
]

/** `from`: runs the client where the bytes come from. `host` (an ssh name) has `address`, where they go. */
export type Sample = {
  from(argv: readonly string[], options: CommandOptions): Promise<CommandResult>
  host: string
  address: string
  port: number
  seconds: number
}

/** Anybody who knocks at the port meanwhile (a scan, a firewall being tried) takes the server's one turn from us. */
const rounds = 4
const turnTaken = /refused|busy|reset|closed|unable to (receive|send)/i

type Outcome = { mbps: number } | { error: string }

/** Fills the way for some seconds. What goes wrong is what iperf3 says of it. */
export function sampleBandwidth(sample: Sample, io: ReadIo): Promise<Outcome> {
  const look = async (): Promise<Look<Outcome, Outcome>> => {
    const outcome = await oneRound(sample, io)
    const isTaken = 'error' in outcome && turnTaken.test(outcome.error)
    return isTaken ? { waiting: outcome } : { done: outcome }
  }
  // No pause: the waiting client has been served.
  return until(io, look, { looks: rounds, ...every(0), otherwise: outcome => ({ done: outcome }) })
}

async function oneRound(sample: Sample, io: ReadIo): Promise<Outcome> {
  const server = { hasEnded: false }
  const serving = io
    .read(sample.host, serverArgv(sample.port), { allowFailure: true, timeoutSeconds: sample.seconds + 20 })
    .finally(() => {
      server.hasEnded = true
    })
  // the server's own end is awaited below; until then a failure of it must not pass for unhandled
  serving.catch(() => {})
  const outcome = await clientOutcome(sample, server, io)
  const { exitCode, stdout, stderr } = await serving
  if ('mbps' in outcome || exitCode === 0) return outcome
  return { error: (stderr.trim() || stdout.trim()).slice(-300) }
}

/** The server needs a moment to listen: a refused connection is tried again for two seconds. */
function clientOutcome(
  { from, address, port, seconds }: Sample,
  server: { hasEnded: boolean },
  io: ReadIo,
): Promise<Outcome> {
  const look = async (): Promise<Look<Outcome, Outcome>> => {
    const { stdout, stderr, exitCode } = await from(client(address, port, seconds), {
      allowFailure: true,
      timeoutSeconds: seconds + 15,
    })
    const outcome = exitCode === 127 ? { error: stderr.trim() } : parseBandwidth(stdout)
    const isRefused = 'error' in outcome && /refused/i.test(outcome.error)
    return isRefused && !server.hasEnded ? { waiting: outcome } : { done: outcome }
  }
  return until(io, look, { looks: 10, ...every(0.2), otherwise: outcome => ({ done: outcome }) })
}

/** Mbit/s at the receiver, from iperf3's JSON; or what it says went wrong. */
export function parseBandwidth(output: string): Outcome {
  const report = parseJson(output)
  const bitsPerSecond = report?.end?.sum_received?.bits_per_second
  if (typeof bitsPerSecond === 'number' && report?.error === undefined) return { mbps: bitsPerSecond / 1e6 }
  return { error: String(report?.error ?? output.trim().slice(-300)) }
}

type IperfReport = { error?: string; end?: { sum_received?: { bits_per_second?: number } } }
function parseJson(output: string): IperfReport | undefined {
  try {
    return JSON.parse(output) as IperfReport
  } catch {
    return undefined
  }
}
