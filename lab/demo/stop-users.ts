import { setTimeout as wait } from 'node:timers/promises'
import type { Summary } from '../users/ledger.ts'
import type { LabUsers } from './lab-users.ts'
import { untilTrainersAreBack } from './trainers.ts'

/** How long users go on after the last verb, so that both sides of the cut are seen. Seconds. */
const quietSeconds = 6

/** The night is over: users and trainers look a few times more, wherever they are served now, and leave. */
export async function stopUsers(users: LabUsers): Promise<Summary> {
  const ended = new Date().toISOString()
  await wait(quietSeconds * 1000)
  await untilTrainersAreBack(users, ended)
  return users.stop()
}
