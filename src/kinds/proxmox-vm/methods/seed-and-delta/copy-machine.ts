import { posix } from 'node:path'
import { Failure } from '../../../../model/failure.ts'
import type { ChangeIo } from '../../../../model/io.ts'
import { changePve } from '../../client/change.ts'
import { readPve } from '../../client/read.ts'
import { onlyForOwner } from '../../machine/host-commands.ts'
import { targetConfig } from '../../machine/target-config.ts'
import { endsOf, type MachineSide, type Of } from '../../sides.ts'
import type { CopyOptions } from '../../transfer-method.ts'
import { brokenText } from './broken.ts'
import { createOverlay } from './commands.ts'
import { readTargetNote } from './notes.ts'
import { pathOf, volumeAt } from './seeded-disks.ts'

/**
 * A machine on images of its own that stand over those that were sent and only ever read them: made in an instant, and as
 * large as what is written in it. QEMU's own locks keep a delta from being applied beneath it while it runs.
 */
export async function makeCopy(of: Of, copy: CopyOptions, io: ChangeIo): Promise<void> {
  const { target } = endsOf(of)
  const note = await readTargetNote(io, target)
  if (note === undefined || note.back !== undefined) {
    const why = brokenText(note === undefined ? 'none' : 'started', endsOf(of))
    throw new Failure(why, { remedy: { key: 'proxmox-vm.delta.broken.remedy' } })
  }
  const volumes: Record<string, string> = {}
  for (const [index, { slot, targetPath }] of note.disks.entries()) {
    const volume = volumeAt({ ...target, vmid: copy.vmid }, index)
    const path = await pathOf(io, target, volume)
    await io.change(target.host.ssh, ['mkdir', '-p', '--', posix.dirname(path)])
    await io.change(target.host.ssh, createOverlay(path, targetPath))
    await io.change(target.host.ssh, onlyForOwner(path))
    volumes[slot] = volume
  }
  await defineCopy(io, target, copy, volumes)
}

/** The machine around images of its own, by slot: the settings of the one that was sent, on another bridge. */
export async function defineCopy(
  io: ChangeIo,
  target: MachineSide,
  copy: CopyOptions,
  volumes: Record<string, string>,
): Promise<void> {
  const config = await readPve(target, io).config()
  const { storage } = target.spec.target
  const wiring = { storage, bridge: copy.bridge, vlan: copy.vlan, keepMac: true }
  const own = targetConfig(config, volumes, wiring, copy.description)
  await changePve({ ...target, vmid: copy.vmid }, io).create({ ...own, name: copy.name, protection: '0' })
}
