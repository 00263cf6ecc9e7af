import { Failure } from '../../model/failure.ts'
import { secondsBetween } from '../../model/instant.ts'
import type { ChangeIo, ReadIo } from '../../model/io.ts'
import type { Text } from '../../model/text.ts'
import { typed } from '../kit/by-hand.ts'
import type { ManagerState } from '../kit/managers.ts'
import { until } from '../kit/until.ts'
import { askUntil } from './ask.ts'
import { askHealth, type Health, questionOf } from './health.ts'
import { isHttp, type ManagedSide, type ServiceSide } from './sides.ts'

/** Beside the service's own times: asking its state, its log and its reverse proxy over ssh. */
export const marginSeconds = 30
const logLines = 20
/** Given to the manager's own command beside what it waits for. */
export const commandMarginSeconds = 10
/** A manager may come back a moment before its own state says that the service is gone. */
export const settleSeconds = 3

export async function stateOf(at: ManagedSide, io: ReadIo): Promise<ManagerState> {
  const result = await io.read(at.host.ssh, at.manager.status(at.unit), { allowFailure: true })
  return at.manager.readState(result)
}

/**
 * Enables and starts the service, and comes back when it is healthy: how long that took, in seconds.
 * A service that will not come up is stopped again, so that the next attempt is a fresh one.
 */
export async function startService(at: ManagedSide, io: ChangeIo): Promise<number> {
  const from = io.now()
  await io.change(at.host.ssh, at.manager.enable(at.unit))
  await io.change(at.host.ssh, at.manager.start(at.unit))
  await healthyOrDown(at, io, async () => void (await untilDown(at, io)))
  return secondsBetween(from, io.now())
}

/** Of a service that does not become healthy the log is read, then it is taken down. */
export async function healthyOrDown(at: ManagedSide, io: ReadIo, down: () => Promise<void>): Promise<void> {
  try {
    await untilHealthy(at, io, ({ said }) => new Unhealthy(said))
  } catch (error) {
    if (!(error instanceof Unhealthy)) throw error
    const log = await lastLines(at, io)
    await down()
    throw startFailure(at, error.message, log)
  }
}

function startFailure(at: ManagedSide, answer: string, log: string): Failure {
  return new Failure(
    { key: 'service.start.failed', values: { ...named(at), seconds: at.spec.startSeconds, answer, log } },
    {
      remedy: {
        key: 'service.start.failed.remedy',
        values: { host: at.host.ssh, command: typed(logCommand(at)) },
      },
    },
  )
}

/** Waits until a service that its VM starts is healthy: how long that took, in seconds. */
export async function awaitService(at: ServiceSide, io: ReadIo): Promise<number> {
  const from = io.now()
  await untilHealthy(at, io, ({ said: answer }) => {
    const { component: service, siteTitle: site } = at
    const values = { service, site, seconds: at.spec.startSeconds, answer, url: questionOf(at) }
    return new Failure(
      { key: 'service.await-healthy.failed', values },
      { remedy: { key: 'service.await-healthy.failed.remedy', values } },
    )
  })
  return secondsBetween(from, io.now())
}

/** Its message is the last answer. */
class Unhealthy extends Error {}

const untilHealthy = (at: ServiceSide, io: ReadIo, otherwise: (health: Health) => Error) =>
  askUntil(
    ({ healthy }) => healthy,
    () => askHealth(at, io),
    io,
    { seconds: at.spec.startSeconds, otherwise },
  )

/**
 * Disables the service first, so that no reboot brings it back, then stops it and proves that nothing answers.
 * `step`: the step that is retried when that fails. A service that does not end by itself is never killed here: its last requests may be writing.
 */
export async function stopService(at: ManagedSide, step: string, io: ChangeIo): Promise<void> {
  const { stopSeconds } = at.spec
  // What was never installed cannot be disabled; that nothing answers is proven all the same.
  let state = await stateOf(at, io)
  if (state.installed) {
    await io.change(at.host.ssh, at.manager.disable(at.unit))
    state = await untilDown(at, io)
  }
  const remedy = {
    key: 'service.stop.remedy' as const,
    values: { host: at.host.ssh, command: typed(at.manager.status(at.unit)), step },
  }
  if (state.running)
    throw new Failure(
      { key: 'service.stop.stillRunning', values: { ...named(at), seconds: stopSeconds } },
      { remedy },
    )
  const health = await askHealth(at, io)
  if (health.answers) throw new Failure(stillThere(at, health), { remedy })
}

/** Its units are down, and yet. */
export function stillThere(at: ManagedSide, { status, said }: Health): Text {
  if (isHttp(at))
    return { key: 'service.stop.stillAnswers', values: { ...named(at), url: at.url, status: status ?? said } }
  return { key: 'service.stop.stillHealthy', values: { ...named(at), question: questionOf(at), said } }
}

/** Asks it to stop, and gives its state when that is over, or when it has taken too long. */
async function untilDown(at: ManagedSide, io: ChangeIo): Promise<ManagerState> {
  const { stopSeconds } = at.spec
  const startedAt = io.now()
  await io.change(at.host.ssh, at.manager.stop(at.unit, stopSeconds), {
    allowFailure: true,
    timeoutSeconds: stopSeconds + commandMarginSeconds,
  })
  const look = async () => {
    const state = await stateOf(at, io)
    return state.running ? { waiting: state } : { done: state }
  }
  return until(io, look, {
    seconds: stopSeconds + settleSeconds - secondsBetween(startedAt, io.now()),
    longestPauseSeconds: 0.2,
    otherwise: state => ({ done: state }),
  })
}

/** Up, healthy, and coming back after a reboot. */
export async function isUp(at: ManagedSide, io: ReadIo): Promise<boolean> {
  const { running, enabled } = await stateOf(at, io)
  return running && enabled && (await askHealth(at, io)).healthy
}

/** Down, silent, and staying down after a reboot. */
export async function isDown(at: ManagedSide, io: ReadIo): Promise<boolean> {
  const { running, enabled } = await stateOf(at, io)
  return !running && !enabled && !(await askHealth(at, io)).answers
}

export const logCommand = (at: ManagedSide) =>
  at.spec.log === undefined
    ? at.manager.log(at.unit, logLines)
    : ['tail', '-n', String(logLines), '--', at.spec.log]

async function lastLines(at: ManagedSide, io: ReadIo): Promise<string> {
  const { stdout, stderr } = await io.read(at.host.ssh, logCommand(at), { allowFailure: true })
  return (stdout || stderr).trim()
}

/** The values by which every sentence names a service at a site. */
export const named = (at: ManagedSide) => ({ service: at.component, site: at.siteTitle, host: at.host.ssh })
