import { Failure } from '../../../model/failure.ts'
import type { CommandResult, ReadIo } from '../../../model/io.ts'
import { type Look, until } from '../../kit/until.ts'
import type * as Answers from './answers.ts'
import { ask, type PveAt } from './ask.ts'
import { path } from './params.ts'
import { refusalOf } from './refusal.ts'

/**
 * What the agent in the guest is asked. `run` starts a program there: with a ReadIo, only one that changes nothing.
 */
export function guestOf(at: PveAt, io: ReadIo) {
  const agent = (command: string): string => path('nodes', at.node, 'qemu', at.vmid, 'agent', command)
  const result = async <T>(command: string): Promise<T> =>
    ((await ask(at, io, 'GET', agent(command))) as { result: T }).result

  return {
    /**
     * False when it is silent; throws when PVE refuses for another reason. PVE pings the agent before any call; its own
     * ping is a POST, which a reader has no business to send.
     */
    async answers(): Promise<boolean> {
      try {
        await ask(at, io, 'GET', agent('info'))
        return true
      } catch (error) {
        if (isSilence(error)) return false
        throw error
      }
    },
    osInfo: () => result<Answers.OsInfo>('get-osinfo'),
    hostName: async () => (await result<{ 'host-name': string }>('get-host-name'))['host-name'],
    interfaces: () => result<Answers.GuestInterface[]>('network-get-interfaces'),
    /** A text file, up to 16 MiB. */
    async readFile(file: string): Promise<string> {
      const { content } = (await ask(at, io, 'GET', agent('file-read'), { file })) as { content: string }
      return utf8Of(content)
    },
    /** Starts a program and waits for its end; on `timeoutSeconds` throws, and the program is left alone. */
    async run(
      command: readonly string[],
      { input, timeoutSeconds }: { input?: string; timeoutSeconds: number },
    ): Promise<CommandResult> {
      const started = (await ask(at, io, 'POST', agent('exec'), { command, 'input-data': input })) as {
        pid: number
      }
      const look = async (): Promise<Look<CommandResult, undefined>> => {
        const status = (await ask(at, io, 'GET', agent('exec-status'), {
          pid: started.pid,
        })) as Answers.ExecStatus
        return Number(status.exited) === 1 ? { done: commandResult(status) } : { waiting: undefined }
      }
      return until(io, look, {
        seconds: timeoutSeconds,
        firstPauseSeconds: 0.1,
        otherwise: () => tooLong(at, command, timeoutSeconds),
      })
    },
  }
}
export type Guest = ReturnType<typeof guestOf>

/** PVE's words when the guest's agent does not answer, or cannot because the machine is off. */
export const isSilence = (error: unknown): boolean =>
  /guest agent is not running|No QEMU guest agent configured|is not running|got timeout/i.test(
    refusalOf(error)?.message ?? '',
  )

function commandResult(status: Answers.ExecStatus): CommandResult {
  return {
    // As a shell says it: 128 and the signal.
    exitCode: status.exitcode ?? 128 + (status.signal ?? 0),
    stdout: utf8Of(status['out-data'] ?? ''),
    stderr: utf8Of(status['err-data'] ?? ''),
  }
}

const tooLong = (at: PveAt, command: readonly string[], seconds: number): Failure =>
  new Failure({
    key: 'proxmox-vm.guest.tooLong',
    values: { site: at.siteTitle, vmid: at.vmid, program: command[0] ?? '', seconds },
  })

/**
 * PVE gives the bytes it read one character each (so é as Ã©). Where that reading makes UTF-8, it is what was meant.
 */
export function utf8Of(text: string): string {
  const bytes = Buffer.from(text, 'latin1')
  if (bytes.toString('latin1') !== text) return text
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return text
  }
}
