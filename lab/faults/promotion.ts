import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { clusterDirectory, controlCluster } from '../database/configuration.ts'
import { execIn } from '../enter.ts'
import { treeOf } from '../paths.ts'
import type { Lab } from '../types.ts'

const host = 'toulouse-database'
const settingPath = `${clusterDirectory}/conf.d/fault.conf`
const settingFile = (lab: Lab) => join(treeOf(lab.name, host), settingPath)
// Ends well, by itself, when the fault is taken away: killed, it would take PostgreSQL with it.
const wait = `while test -e ${settingPath}; do sleep 1; done`

/**
 * A promotion of Toulouse's database starts and does not end (R1): PostgreSQL waits for a command of the site at the
 * end of recovery. In the configuration, not in the data: a new base backup does not heal it.
 */
export async function promotionHangs(lab: Lab): Promise<void> {
  writeFileSync(settingFile(lab), `recovery_end_command = '${wait}'\n`, { mode: 0o644 })
  await reload(lab)
}

/** The inverse; a promotion that hangs goes on. */
export async function promotionWorks(lab: Lab): Promise<void> {
  rmSync(settingFile(lab), { force: true })
  await reload(lab)
}

/** A cluster that is down reads its configuration when it starts. */
async function reload(lab: Lab): Promise<void> {
  await execIn(lab, host, controlCluster('reload'), { allowFailure: true })
}
