import { Failure } from '../../model/failure.ts'
import type { ChangeIo } from '../../model/io.ts'
import { readText } from './commands.ts'
import { settingIn, settingsFile } from './settings.ts'
import { fencingPath, type Side } from './sides.ts'

const setting = 'bascule.fencing_number'

/**
 * Writes this run's number into the configuration of the clusters it is about to change. A program with a smaller
 * number (an orchestrator thought dead, that wakes up) is refused: it would undo what its successor does.
 */
export async function claim(fencingNumber: number, io: ChangeIo, ...sides: Side[]): Promise<void> {
  await Promise.all(sides.map(side => claimOne(side, fencingNumber, io)))
}

async function claimOne(side: Side, fencingNumber: number, io: ChangeIo): Promise<void> {
  const path = fencingPath(side)
  const { stdout, exitCode } = await io.read(side.host, readText(path), {
    allowFailure: true,
    asUser: 'postgres',
  })
  const current = exitCode === 0 ? Number(settingIn(stdout, setting) ?? 0) : 0
  if (current > fencingNumber) {
    throw new Failure(
      { key: 'postgres.stale', values: { host: side.host, current, ours: fencingNumber } },
      { remedy: { key: 'postgres.stale.remedy' } },
    )
  }
  if (current === fencingNumber) return
  await io.writeFile(side.host, path, settingsFile(side.owner, { [setting]: fencingNumber }), {
    mode: '0644',
    owner: 'postgres:postgres',
  })
}
