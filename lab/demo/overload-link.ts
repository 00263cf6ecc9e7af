import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { administer } from '../database/configuration.ts'
import { execIn } from '../enter.ts'
import type { RowChoice } from '../faults/faults.ts'
import { treeOf } from '../paths.ts'
import type { Lab } from '../types.ts'
import { until } from '../until.ts'

export const burdenBytes = 40e6
const catchUpSeconds = 30
const [source, standby] = ['montpellier-database', 'toulouse-database']

/** New files at the source, far more than a slow link carries in a night: the plan is overrun. */
export async function overloadLink(lab: Lab): Promise<void> {
  const file = join(treeOf(lab.name, 'montpellier-files'), 'srv/files', 'late-arrival.bin')
  writeFileSync(file, randomBytes(burdenBytes))
}

/**
 * Writes one row anew at the source and waits until the standby has it on its disk: only what has changed since the proof is
 * compared in the night. The next change of the row's page, were it only a hint bit or a lock, would send the whole page again
 * and heal what is broken at the standby: so no user writes that table, nor one that refers to it, and the row is frozen
 * before the checkpoint.
 */
export async function touchRow(lab: Lab): Promise<RowChoice> {
  const choice = { table: 'lesson_documents', key: 1, column: 'title' }
  await sql(lab, source, 'UPDATE lesson_documents SET title = title WHERE id = 1')
  await sql(lab, source, 'VACUUM (FREEZE) lesson_documents')
  await sql(lab, source, 'CHECKPOINT')
  await restartAfter(lab, await sql(lab, source, 'SELECT redo_lsn FROM pg_control_checkpoint()'))
  return choice
}

/**
 * Waits until the standby, started again, would replay from this position or a later one. From an earlier one it would replay
 * the whole page, and heal it. A standby can do so only at a checkpoint of the source that it has replayed. Throws Error
 * when it is not so in time.
 */
async function restartAfter(lab: Lab, position: string): Promise<void> {
  const reached = `SELECT redo_lsn >= '${position}' FROM pg_control_checkpoint()`
  const hasReached = async (): Promise<boolean> => {
    await sql(lab, standby, 'CHECKPOINT')
    return (await sql(lab, standby, reached)) === 't'
  }
  if (await until(hasReached, { seconds: catchUpSeconds, everySeconds: 0.2 })) return
  throw new Error(`the standby has not come to ${position} in ${catchUpSeconds} s`)
}

const sql = async (lab: Lab, host: string, statement: string): Promise<string> =>
  (await execIn(lab, host, administer('techcorp'), { input: `${statement};\n` })).stdout.trim()
