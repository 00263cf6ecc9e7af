import type { ChangeIo } from '../../../../model/io.ts'
import { changePve } from '../../client/change.ts'
import { readPve } from '../../client/read.ts'
import { cardsAt, type Wiring } from '../../machine/target-config.ts'
import { endsOf, type MachineSide, type Of } from '../../sides.ts'
import type { CopyOptions } from '../../transfer-method.ts'
import type { Archive } from './note.ts'

/**
 * A stopped machine under `at.vmid`, made of an archive that is in a storage there. One storage for all disks: PVE has no
 * mapping for each. Cards are wired afterwards, before anything can start.
 *
 * `settings`: instead of the archive's own. PVE writes them with the rest of the configuration, so that a copy that has a disk is
 * never without the description that says whose it is. PVE takes them beside an archive since 7.2.
 */
export async function restore(
  io: ChangeIo,
  at: MachineSide,
  archive: Pick<Archive, 'volid'>,
  wiring: Wiring,
  settings: Record<string, string> = {},
): Promise<void> {
  const pve = changePve(at, io)
  await pve.restore({
    archive: archive.volid,
    storage: at.spec.target.storage,
    unique: !wiring.keepMac,
    start: false,
    settings: { onboot: '0', ...settings },
  })
  const config = await readPve(at, io).config()
  // `unique` has given new addresses by now: they stay.
  const cards = cardsAt(config, { ...wiring, keepMac: true })
  // PVE refuses a change of nothing.
  if (cards.length > 0) await pve.configure(Object.fromEntries(cards))
}

/** A copy beside everything else, from the archive that the target holds. */
export async function restoreCopy(of: Of, archive: Archive, copy: CopyOptions, io: ChangeIo): Promise<void> {
  const { target, spec } = endsOf(of)
  const wiring: Wiring = { bridge: copy.bridge, vlan: copy.vlan, keepMac: spec.target.keepMac }
  const settings = { name: copy.name, description: copy.description, protection: '0' }
  await restore(io, { ...target, vmid: copy.vmid }, archive, wiring, settings)
}
