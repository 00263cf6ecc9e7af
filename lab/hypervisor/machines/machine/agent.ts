import { loadConfig } from '../config/files.ts'
import { agentSocket, type Host } from '../host.ts'
import { agentEnabled } from '../qemu/commands.ts'
import { AgentError, askAgent } from '../qemu/guest-agent.ts'
import { SocketError } from '../qemu/line-socket.ts'
import { requireRunning } from '../qemu/process.ts'
import { Refusal } from '../refusal.ts'
import type { Json } from '../types.ts'

type Args = Record<string, Json>
type Ask = (command: string, args?: Args, seconds?: number) => Promise<Json>

/** PVE reads no more than this of a file at once. */
const readLimitBytes = 16 * 2 ** 20
/** The agent's answers are held in memory: it gives at most 48 MB at a time, and we ask for less. */
const pieceBytes = 2 ** 20

const text = (value: Json | undefined): string => (typeof value === 'string' ? value : String(value ?? ''))
const decode = (base64: string): Buffer => Buffer.from(base64, 'base64')

/** Commands that PVE changes on their way. Every other one is `guest-<command>`, its answer under `result`. */
const special: Record<string, (ask: Ask, args: Args) => Promise<Json>> = {
  exec: async (ask, args) => {
    const words = [args.command ?? []].flat().map(text)
    const [path, ...rest] = words
    const input = args['input-data']
    if (path === undefined) throw new Refusal('command or input-data (or both) required')
    const answer = await ask('guest-exec', {
      path,
      arg: rest,
      'capture-output': true,
      ...(input === undefined ? {} : { 'input-data': Buffer.from(text(input)).toString('base64') }),
    })
    return { pid: (answer as { pid: number }).pid }
  },
  'exec-status': async (ask, args) => {
    const answer = (await ask('guest-exec-status', { pid: Number(args.pid) })) as Args
    const decoded = Object.fromEntries(
      ['out-data', 'err-data'].flatMap(key =>
        answer[key] === undefined ? [] : [[key, decode(text(answer[key])).toString('utf8')]],
      ),
    )
    // PVE's booleans are numbers.
    const flags = Object.entries(answer).map(([key, value]) => [
      key,
      value === true ? 1 : value === false ? 0 : value,
    ])
    return { ...Object.fromEntries(flags), ...decoded }
  },
  'file-read': async (ask, args) => {
    const handle = await ask('guest-file-open', { path: text(args.file), mode: 'rb' })
    const parts: Buffer[] = []
    let bytes = 0
    let ended = false
    try {
      while (!ended && bytes < readLimitBytes) {
        const piece = (await ask('guest-file-read', { handle, count: pieceBytes })) as {
          'buf-b64': string
          eof: boolean
        }
        const part = decode(piece['buf-b64'])
        parts.push(part)
        bytes += part.length
        ended = piece.eof
      }
    } finally {
      await ask('guest-file-close', { handle })
    }
    const content = Buffer.concat(parts).toString('utf8')
    return { content, 'bytes-read': bytes, ...(ended ? {} : { truncated: 1 }) }
  },
  'file-write': async (ask, args) => {
    const encoded =
      args.encode === 0 || args.encode === '0' || args.encode === false
        ? text(args.content)
        : Buffer.from(text(args.content)).toString('base64')
    const handle = await ask('guest-file-open', { path: text(args.file), mode: 'wb' })
    try {
      const { count } = (await ask('guest-file-write', { handle, 'buf-b64': encoded })) as { count: number }
      const whole = decode(encoded).length
      if (count !== whole) throw new Refusal(`Agent error: wrote ${count} of ${whole} bytes`)
    } finally {
      await ask('guest-file-close', { handle })
    }
    return null
  },
}

export async function agentCommand(
  host: Host,
  vmid: number,
  command: string,
  args: Args = {},
): Promise<Json> {
  const { current } = loadConfig(host, vmid)
  if (current.agent === undefined || !agentEnabled(current))
    throw new Refusal('No QEMU guest agent configured')
  requireRunning(host, vmid)
  const socket = agentSocket(host, vmid)
  const ask: Ask = (guestCommand, guestArgs, seconds = slow[command] ?? 10) =>
    inTurn(socket, () => askAgent(socket, guestCommand, guestArgs, { seconds })).catch(inWords)
  const own = special[command]
  if (own) return await own(ask, args)
  return { result: await ask(`guest-${command}`, args) }
}

/** Seconds of those that may take long. */
const slow: Record<string, number> = { 'fsfreeze-freeze': 120, 'fsfreeze-thaw': 30, fstrim: 120 }

function inWords(error: unknown): never {
  if (error instanceof AgentError) throw new Refusal(`Agent error: ${error.message}`, { cause: error })
  if (error instanceof SocketError) throw new Refusal('QEMU guest agent is not running', { cause: error })
  throw error
}

const turns = new Map<string, Promise<unknown>>()
/** QEMU takes one client at a time: two callers of this process follow each other. */
async function inTurn<T>(socket: string, work: () => Promise<T>): Promise<T> {
  const before = turns.get(socket) ?? Promise.resolve()
  const mine = before.then(work, work)
  const settled = mine.catch(() => undefined)
  turns.set(socket, settled)
  try {
    return await mine
  } finally {
    if (turns.get(socket) === settled) turns.delete(socket)
  }
}
