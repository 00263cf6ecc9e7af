import { Failure } from '../../../model/failure.ts'
import type { Argv, CommandResult, ReadIo } from '../../../model/io.ts'
import type { Json, JsonObject } from '../../../model/json.ts'

/** QEMU's control socket: of a running machine, or of a storage daemon that we started. */
export type QmpSocket = { ssh: string; path: string }
export type QmpCommand = { execute: string; arguments?: JsonObject }

/** How long QEMU may take to answer once all was asked. It answers each command before it reads the next. */
const answerSeconds = 30

export const socatTo = (path: string): string[] => [
  ...['socat', '-t', String(answerSeconds), '-', `UNIX-CONNECT:${path}`],
]

/** One line for each command, numbered so that its answer is found among the events. */
export const qmpInput = (commands: readonly QmpCommand[]): string =>
  [{ execute: 'qmp_capabilities' }, ...commands]
    .map((command, id) => `${JSON.stringify({ ...command, id })}\n`)
    .join('')

type Answer = { id?: number; return?: Json; error?: { class: string; desc: string } }

/** The answers in the order of the commands. Throws Failure for the first that was refused or never came. */
export function readAnswers(socket: QmpSocket, commands: readonly QmpCommand[], output: string): Json[] {
  const answers = new Map<number, Answer>()
  for (const line of output.split('\n')) {
    if (!line.startsWith('{')) continue
    const answer = JSON.parse(line) as Answer
    if (answer.id !== undefined) answers.set(answer.id, answer)
  }
  return commands.map((command, index) => {
    const answer = answers.get(index + 1)
    if (answer?.return !== undefined) return answer.return
    throw refused(socket, command, answer?.error?.desc ?? output.slice(-300))
  })
}

/** Asks in one connection. `run` is `io.read` or, where the commands change something, `io.change`. */
export async function askQmp(
  run: ReadIo['read'],
  socket: QmpSocket,
  commands: readonly QmpCommand[],
): Promise<Json[]> {
  const argv = socatTo(socket.path)
  const result = await run(socket.ssh, argv, { input: qmpInput(commands), allowFailure: true })
  if (result.exitCode !== 0) throw silent(socket, argv, result)
  return readAnswers(socket, commands, result.stdout)
}

/** Whether a QEMU listens there now. */
export async function qmpAnswers(io: ReadIo, socket: QmpSocket): Promise<boolean> {
  const result = await io.read(socket.ssh, socatTo(socket.path), {
    input: qmpInput([]),
    allowFailure: true,
  })
  return result.exitCode === 0 && result.stdout.includes('"return"')
}

const refused = ({ ssh, path }: QmpSocket, { execute }: QmpCommand, detail: string): Failure =>
  new Failure({
    key: 'proxmox-vm.qmp.refused',
    values: { host: ssh, socket: path, command: execute, detail },
  })

function silent({ ssh, path }: QmpSocket, argv: Argv, { exitCode, stderr }: CommandResult): Failure {
  const detail = stderr.trim().split('\n').slice(-2).join(' | ')
  return new Failure(
    { key: 'proxmox-vm.qmp.silent', values: { host: ssh, socket: path, exitCode, detail } },
    {
      remedy: { key: 'proxmox-vm.qmp.silent.remedy', values: { host: ssh, command: argv.join(' ') } },
    },
  )
}
