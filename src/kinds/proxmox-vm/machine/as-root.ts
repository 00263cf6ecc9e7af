import type { ChangeIo, ReadIo } from '../../../model/io.ts'
import { every, until } from '../../kit/until.ts'
import { isUnreachable, refusalOf } from '../client/refusal.ts'
import type { MachineSide } from '../sides.ts'

/**
 * What root is told and may do on a hypervisor by ssh. For a rollback alone: it must not stand still because a web server
 * is down, or because a token has lost its rights.
 */
type Seen = { running: boolean; uptimeSeconds: number }

/** Whether it is the API that cannot be asked, or does not let this token: it has said nothing about the machine. */
export function isApiLost(error: unknown): boolean {
  const status = refusalOf(error)?.status ?? 0
  return [401, 403].includes(status) || isUnreachable(error)
}

/** Undefined when there is no machine of that number. Throws `instead` when root cannot say either. */
export async function seenByRoot(io: ReadIo, at: MachineSide, instead: unknown): Promise<Seen | undefined> {
  const argv = ['qm', 'status', `${at.vmid}`, '--verbose']
  const said = await io.read(at.host.ssh, argv, { allowFailure: true }).catch(() => undefined)
  const status = /^status: (running|stopped)$/m.exec(said?.stdout ?? '')?.[1]
  if (said?.exitCode === 0 && status !== undefined)
    return { running: status === 'running', uptimeSeconds: Number(/^uptime: (\d+)/m.exec(said.stdout)?.[1]) }
  if (/does not exist/.test(said?.stderr ?? '')) return undefined
  throw instead
}

/** Off, cleanly, and not by itself again. Throws Failure when it does not go down in the plan's time. */
export async function turnOffByRoot(io: ChangeIo, at: MachineSide, seen: Seen): Promise<void> {
  const { timeoutSeconds, forceStop } = at.spec.shutdown
  const seconds = Math.ceil(timeoutSeconds)
  if (seen.running) {
    await awaitBoot(io, at, seen)
    const forced = forceStop ? ['--forceStop', '1'] : []
    const argv = ['qm', 'shutdown', `${at.vmid}`, '--timeout', `${seconds}`, ...forced]
    await io.change(at.host.ssh, argv, { timeoutSeconds: seconds + 60 })
  }
  await io.change(at.host.ssh, ['qm', 'set', `${at.vmid}`, '--onboot', '0'])
}

/** Until it is up it would not hear that it is to go down. */
async function awaitBoot(io: ReadIo, at: MachineSide, { uptimeSeconds }: Seen): Promise<void> {
  const seconds = at.spec.startSeconds - (uptimeSeconds || 0)
  const ping = ['qm', 'agent', `${at.vmid}`, 'ping']
  const answered = { done: undefined }
  const look = async () => {
    const { exitCode } = await io.read(at.host.ssh, ping, { allowFailure: true })
    return exitCode === 0 ? answered : { waiting: undefined }
  }
  await until(io, look, { seconds, ...every(1), otherwise: () => answered })
}
