import { Failure } from '../../model/failure.ts'
import type { ChangeIo } from '../../model/io.ts'
import { readText } from './commands.ts'
import { settingIn, settingsFile } from './settings.ts'
import { fencingPath, type Side } from './sides.ts'

const setting = 'bascule.fencing_number'

/**
 * Writes the run's fencing token into the configuration of a cluster before anything is changed there. A program with a smaller
 * token (one that was thought dead and wakes up) is refused: it would undo what its successor does.
 */
export async function writeFencingToken(side: Side, token: number, io: ChangeIo): Promise<void> {
  const path = fencingPath(side)
  const { stdout, exitCode } = await io.read(side.host, readText(path), {
    allowFailure: true,
    asUser: 'postgres',
  })
  const current = exitCode === 0 ? Number(settingIn(stdout, setting) ?? 0) : 0
  if (current > token) {
    throw new Failure(
      { key: 'postgres.stale', values: { host: side.host, current, ours: token } },
      { remedy: { key: 'postgres.stale.remedy' } },
    )
  }
  if (current === token) return
  await io.writeFile(side.host, path, settingsFile(side.owner, { [setting]: token }), {
    mode: '0644',
    owner: 'postgres:postgres',
  })
}
