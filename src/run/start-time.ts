import { Temporal } from 'temporal-polyfill'
import { exitCodes, Failure } from '../model/failure.ts'
import { millisecondsOf } from '../model/instant.ts'
import type { Plan } from '../model/plan.ts'
import { runWindow } from './window.ts'

/**
 * When a live run begins, as an ISO instant; undefined: now, inside the plan's window, which it keeps. A run outside that
 * window must be asked for by name (`--at now`), and then has a window of the plan's length from its start.
 */
export function startInstant(
  plan: Plan,
  at: string | undefined,
  now: string,
  typed: string,
): string | undefined {
  if (at === 'now') return now
  if (at !== undefined) return localInstant(plan, at, now)
  const { start, end } = runWindow(plan, 'live', Temporal.Instant.from(now))
  const [opens, closes, asked] = [start.epochMilliseconds, end.epochMilliseconds, millisecondsOf(now)]
  if (opens <= asked && asked < closes) return undefined
  const key = asked < opens ? 'run.beforeWindow' : 'run.afterWindow'
  throw new Failure(
    { key, values: { start: plan.window.start, zone: plan.zone } },
    {
      remedy: {
        key: asked < opens ? 'run.beforeWindow.remedy' : 'run.afterWindow.remedy',
        values: { typed, start: plan.window.start },
      },
      exitCode: exitCodes.usage,
    },
  )
}

function localInstant(plan: Plan, at: string, now: string): string {
  const instant = readLocal(plan, at)
  if (millisecondsOf(instant) >= millisecondsOf(now)) return instant
  throw new Failure({ key: 'run.past', values: { at, zone: plan.zone } }, { exitCode: exitCodes.usage })
}

/** `reject`: a time that the zone skips, or has twice, is asked again rather than guessed. */
function readLocal(plan: Plan, at: string): string {
  try {
    return Temporal.PlainDateTime.from(at)
      .toZonedDateTime(plan.zone, { disambiguation: 'reject' })
      .toInstant()
      .toString()
  } catch (cause) {
    throw new Failure(
      { key: 'run.badTime', values: { at, zone: plan.zone } },
      {
        remedy: { key: 'run.badTime.remedy', values: { start: plan.window.start } },
        exitCode: exitCodes.usage,
        cause,
      },
    )
  }
}
