import { setTimeout as wait } from 'node:timers/promises'
import { readLedgers } from '../users/account.ts'
import type { Service, Summary } from '../users/ledger.ts'
import { type LabUsers, ledgersOf } from './lab-users.ts'
import { untilTrainersAreBack } from './trainers.ts'

/** How long users go on after the last verb, so that both sides of the cut are seen. Seconds. */
const quietSeconds = 6
/** For a busy machine to answer again. What is not served then is said to be so by the verdict. Seconds. */
const patienceSeconds = 60

/** The night is over: users and trainers look a few times more, wherever they are served now, and leave. */
export async function stopUsers(users: LabUsers): Promise<Summary> {
  const ended = new Date().toISOString()
  await wait(quietSeconds * 1000)
  await untilTrainersAreBack(users, ended)
  for (const end = Date.now() + patienceSeconds * 1000; Date.now() < end; await wait(1000))
    if (await areServed(users)) break
  return users.stop()
}

/** Whether the last request of each service went well. */
async function areServed(users: LabUsers): Promise<boolean> {
  const lastWell = new Map<Service, boolean>()
  const entries = await readLedgers(ledgersOf(users))
  const requests = []
  for await (const entry of entries()) if (entry.kind === 'request') requests.push(entry)
  requests.sort((one, other) => Date.parse(one.at) - Date.parse(other.at))
  for (const { service, outcome } of requests) lastWell.set(service, outcome === 'ok')
  return [...lastWell.values()].every(isWell => isWell)
}
