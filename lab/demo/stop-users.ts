import { setTimeout as wait } from 'node:timers/promises'
import { until } from '../until.ts'
import { readLedgers } from '../users/account.ts'
import { areServed } from '../users/cuts.ts'
import type { Summary } from '../users/ledger.ts'
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
  const areAllServed = async () => areServed((await readLedgers(ledgersOf(users)))())
  await until(areAllServed, { seconds: patienceSeconds, everySeconds: 1 })
  return users.stop()
}
