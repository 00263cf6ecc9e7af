import { Failure } from '../../model/failure.ts'
import type { ChangeIo, ReadIo } from '../../model/io.ts'
import { typed } from '../kit/by-hand.ts'
import type { ManagerState } from '../kit/managers.ts'
import { until } from '../kit/until.ts'
import type { Gateway } from './gateways.ts'
import { type Live, liveAt } from './interface.ts'

const stopSeconds = 15
const logLines = 20

export async function stateOf(at: Gateway, io: ReadIo): Promise<ManagerState> {
  return at.manager.readState(await io.read(at.host.ssh, at.manager.status(at.unit), { allowFailure: true }))
}

/** The manager runs it, and the interface is up at its port. */
export const isListening = (at: Gateway, live: Live | undefined): live is Live =>
  live?.isUp === true && live.port === at.spec.port

/** Enabled and started; comes back once the interface listens. Throws Failure with the last lines of its log. */
export async function bringUp(at: Gateway, io: ChangeIo): Promise<Live> {
  await io.change(at.host.ssh, at.manager.enable(at.unit))
  await io.change(at.host.ssh, at.manager.start(at.unit))
  try {
    return await until(
      io,
      async () => {
        const live = await liveAt(at, io)
        return isListening(at, live) ? { done: live } : { waiting: live }
      },
      { seconds: at.spec.startSeconds, longestPauseSeconds: 0.2, otherwise: () => new Silent() },
    )
  } catch (error) {
    if (!(error instanceof Silent)) throw error
    throw await startFailure(at, io)
  }
}

/** The interface did not listen in time. */
class Silent extends Error {}

async function startFailure(at: Gateway, io: ReadIo): Promise<Failure> {
  const log = at.manager.log(at.unit, logLines)
  const { stdout, stderr } = await io.read(at.host.ssh, log, { allowFailure: true })
  const values = { ...named(at), seconds: at.spec.startSeconds, port: at.spec.port }
  return new Failure(
    { key: 'wireguard.start.failed', values: { ...values, log: (stdout || stderr).trim() } },
    { remedy: { key: 'wireguard.start.failed.remedy', values: { ...values, command: typed(log) } } },
  )
}

/** Disabled first, so that no reboot brings it back, then stopped until its interface is gone. */
export async function takeDown(at: Gateway, io: ChangeIo): Promise<void> {
  if (!(await stateOf(at, io)).installed) return
  await io.change(at.host.ssh, at.manager.disable(at.unit))
  await io.change(at.host.ssh, at.manager.stop(at.unit, stopSeconds), {
    allowFailure: true,
    timeoutSeconds: stopSeconds + 10,
  })
  const values = { ...named(at), command: typed(at.manager.status(at.unit)) }
  await until(io, async () => ((await isDown(at, io)) ? { done: undefined } : { waiting: undefined }), {
    seconds: 3,
    longestPauseSeconds: 0.2,
    otherwise: () =>
      new Failure(
        { key: 'wireguard.stop.failed', values },
        { remedy: { key: 'wireguard.stop.failed.remedy', values } },
      ),
  })
}

export const takeDownByHand = (at: Gateway): string =>
  typed(at.manager.disable(at.unit), at.manager.stop(at.unit, stopSeconds))

/** Down, staying down after a reboot, and nothing has its interface. */
export async function isDown(at: Gateway, io: ReadIo): Promise<boolean> {
  const { running, enabled } = await stateOf(at, io)
  return !running && !enabled && (await liveAt(at, io)) === undefined
}

/** Up, listening, and coming back after a reboot. */
export async function isUp(at: Gateway, io: ReadIo): Promise<boolean> {
  const { running, enabled } = await stateOf(at, io)
  return running && enabled && isListening(at, await liveAt(at, io))
}

/** The values by which every sentence names the VPN at a site. */
export const named = (at: Gateway) => ({
  component: at.component,
  site: at.siteTitle,
  host: at.host.ssh,
  interface: at.spec.interface,
  file: at.spec.configFile,
})
