import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { administer } from '../database/configuration.ts'
import { execIn } from '../enter.ts'
import type { RowChoice } from '../faults/faults.ts'
import { treeOf } from '../paths.ts'
import type { Lab } from '../types.ts'

const burdenBytes = 40e6

/** New files at the source, far more than a slow link carries in a night: the plan is overrun. */
export async function burdenLink(lab: Lab): Promise<void> {
  const file = join(treeOf(lab.name, 'montpellier-files'), 'srv/files', 'late-arrival.bin')
  writeFileSync(file, randomBytes(burdenBytes))
}

/**
 * Writes one row anew at the source and waits until the standby has it: only what has changed since the proof is compared in the
 * night. The row is of a table that no user writes, and frozen before the checkpoint: the next change of its page, were it
 * only a hint bit, would send the whole page again and heal what is broken at the standby.
 */
export async function touchRow(lab: Lab): Promise<RowChoice> {
  const choice = { table: 'courses', key: 1, column: 'title' }
  await sql(lab, 'montpellier-database', 'UPDATE courses SET title = title WHERE id = 1')
  await sql(lab, 'montpellier-database', 'VACUUM (FREEZE) courses')
  await sql(lab, 'montpellier-database', 'CHECKPOINT')
  await wait(1000)
  await sql(lab, 'toulouse-database', 'CHECKPOINT')
  return choice
}

const sql = (lab: Lab, host: string, statement: string) =>
  execIn(lab, host, administer('techcorp'), { input: `${statement};\n` })
