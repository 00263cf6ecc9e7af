import { Failure } from '../../model/failure.ts'
import type { ReadIo } from '../../model/io.ts'
import { anyEntry } from './commands.ts'
import { diskAt } from './disk.ts'
import type { End, TreePair } from './tree-pair.ts'

/**
 * A sender that is missing, empty or not mounted would make the receiver just as empty. Throws Failure then.
 * `mountPoint`: where it was mounted when it was audited, if it was.
 */
export async function requireSender(io: ReadIo, end: End, mountPoint?: string | null): Promise<void> {
  const [entry, disk] = await Promise.all([
    io.read(end.ssh, anyEntry(end.path), { allowFailure: true }),
    diskAt(end, io),
  ])
  const values = { host: end.ssh, path: end.path }
  if (entry.exitCode !== 0) {
    throw new Failure(
      { key: 'files.guard.missing', values },
      { remedy: { key: 'files.guard.look', values }, cause: new Error(entry.stderr.trim()) },
    )
  }
  if (entry.stdout === '') {
    throw new Failure({ key: 'files.guard.empty', values }, { remedy: { key: 'files.guard.look', values } })
  }
  if (typeof mountPoint === 'string' && disk !== undefined && disk.mountPoint !== mountPoint) {
    throw new Failure(
      { key: 'files.guard.unmounted', values: { ...values, was: mountPoint, is: disk.mountPoint } },
      { remedy: { key: 'files.guard.mount', values: { ...values, was: mountPoint } } },
    )
  }
}

/** A handful is always allowed, so that a small tree may change at all. */
const alwaysAllowed = 10

/** How many entries one sync may delete of a copy of `entries`. */
export const mostDeletions = ({ spec }: TreePair, entries: number): number =>
  Math.max(alwaysAllowed, Math.ceil((entries * spec.maxDeletePercent) / 100))

/** Of a sync that would delete `count` entries at the target. */
export const tooManyDeletions = ({ source, target, spec }: TreePair, count: number, most: number): Failure =>
  new Failure(
    {
      key: 'files.guard.deletions',
      values: { count, most, percent: spec.maxDeletePercent, target: target.ssh, path: target.path },
    },
    { remedy: { key: 'files.guard.deletions.remedy', values: { source: source.ssh, path: source.path } } },
  )
