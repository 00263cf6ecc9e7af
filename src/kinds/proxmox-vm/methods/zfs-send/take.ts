import type { ChangeIo } from '../../../../model/io.ts'
import { statusAt } from '../../machine/existing.ts'
import { privateFolder } from '../../machine/host-commands.ts'
import type { Ends, MachineSide } from '../../sides.ts'
import { withFrozenFilesystems } from '../seed-and-delta/frozen-filesystems.ts'
import type { Link } from './chain.ts'
import { dropSnapshot, snapshotName, takeSnapshots } from './commands.ts'

/** One instant of all disks of the source, the guest frozen for it when it runs. Gives whether its filesystems are whole. */
export async function takeAtSource(
  io: ChangeIo,
  source: MachineSide,
  datasets: readonly string[],
  seed: string,
  number: number,
): Promise<boolean> {
  const argv = takeSnapshots(datasets.map(dataset => snapshotName(dataset, seed, number)))
  if ((await statusAt(io, source))?.status !== 'running') {
    await io.change(source.host.ssh, argv)
    return true
  }
  await io.change(source.host.ssh, privateFolder(source.staging))
  return (await withFrozenFilesystems(io, source, argv)).frozen
}

/** Snapshots from before what both ends are known to have. One that a copy still stands on goes another time. */
export async function pruneSnapshots(
  io: ChangeIo,
  { source, target }: Ends,
  links: readonly Link[],
  applied: number,
): Promise<void> {
  for (const link of links) {
    for (const [at, snapshots] of [
      [source, link.source],
      [target, link.target],
    ] as const) {
      for (const { name, number = applied } of snapshots)
        if (number < applied) await io.change(at.host.ssh, dropSnapshot(name), { allowFailure: true })
    }
  }
}
