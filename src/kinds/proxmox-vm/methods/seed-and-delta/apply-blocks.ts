import { Failure } from '../../../../model/failure.ts'
import type { ChangeIo } from '../../../../model/io.ts'
import type { MachineSide } from '../../sides.ts'
import { commitBlocks, standOn, toDisk } from './commands.ts'

/**
 * Writes what changed into the image. Ended at any point it can be done again: the blocks stay in the upper file, and those
 * below are only ever overwritten with the same.
 */
export async function applyBlocks(
  io: ChangeIo,
  at: MachineSide,
  changed: string,
  image: string,
): Promise<void> {
  await io.change(at.host.ssh, standOn(changed, image))
  const { exitCode, stderr } = await io.change(at.host.ssh, commitBlocks(changed), { allowFailure: true })
  if (exitCode !== 0) throw notApplied(at, image, stderr)
  await io.change(at.host.ssh, toDisk(image))
}

/** QEMU's own locks keep an image from being written beneath a machine that runs on it, a copy for a rehearsal too. */
const held = /Failed to get .*lock/

function notApplied({ component, host }: MachineSide, image: string, stderr: string): Failure {
  const [key, remedy] = held.test(stderr)
    ? (['proxmox-vm.delta.inUse', 'proxmox-vm.delta.inUse.remedy'] as const)
    : (['proxmox-vm.delta.notApplied', 'proxmox-vm.delta.notApplied.remedy'] as const)
  const values = { component, host: host.ssh, image, detail: stderr.trim().slice(-600) }
  return new Failure({ key, values }, { remedy: { key: remedy, values } })
}
