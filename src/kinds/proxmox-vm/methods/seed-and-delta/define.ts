import { Failure } from '../../../../model/failure.ts'
import type { ChangeIo } from '../../../../model/io.ts'
import type { Config } from '../../client/answers.ts'
import { changePve } from '../../client/change.ts'
import { drivesOf } from '../../client/property-string.ts'
import { readPve } from '../../client/read.ts'
import { awaitTasks, isUnmade } from '../../machine/existing.ts'
import { unlock } from '../../machine/host-commands.ts'
import { realWiring, targetConfig } from '../../machine/target-config.ts'
import type { Ends } from '../../sides.ts'
import type { SeededDisk } from './notes.ts'

/** By this a machine at the target is known as ours, here and by people. */
export const markOf = (component: string): string => `Bascule: ${component}`

type Placed = Pick<SeededDisk, 'slot' | 'targetVolume'>

export const volumesOf = (disks: readonly Placed[]): Record<string, string> =>
  Object.fromEntries(disks.map(({ slot, targetVolume }) => [slot, targetVolume]))

/**
 * The machine at the target, off, on the images that were sent. One that is there already must be ours and on these images;
 * its settings are then made those of the source again.
 */
export async function defineAtTarget(io: ChangeIo, ends: Ends, disks: readonly Placed[]): Promise<void> {
  const { source, target, spec } = ends
  const config = targetConfig(
    await readPve(source, io).config(),
    volumesOf(disks),
    realWiring(spec),
    `${markOf(target.component)}\n`,
  )
  await awaitTasks(io, target)
  const there = await configAtTarget(io, ends)
  if (there !== undefined && isUnmade(there)) await destroyOurs(io, ends)
  if (there === undefined || isUnmade(there)) {
    await changePve(target, io).create(config)
    return
  }
  requireOurs(ends, there)
  // The disks are the very images; a cloud-init drive that is there need not be made again.
  const drives = new Set(drivesOf(there).map(({ slot }) => slot))
  const settings = Object.entries(config).filter(([key]) => !drives.has(key))
  await changePve(target, io).configure(Object.fromEntries(settings))
}

/** The settings at the target, or undefined when no machine has that number there. */
export async function configAtTarget(io: ChangeIo, { target }: Ends): Promise<Config | undefined> {
  const machines = await readPve(target, io).resources('vm')
  const found = machines.some(({ vmid }) => vmid === target.vmid)
  return found ? readPve(target, io).config() : undefined
}

/** Without the images that its settings do not name. Throws Failure when the machine is not ours, or runs. */
export async function destroyOurs(io: ChangeIo, ends: Ends): Promise<void> {
  const { target } = ends
  await awaitTasks(io, target)
  const config = await configAtTarget(io, ends)
  if (config === undefined) return
  if (isUnmade(config)) await io.change(target.host.ssh, unlock(target.vmid))
  else requireOurs(ends, config)
  // One that runs is refused by PVE itself.
  await changePve(target, io).destroy()
}

export function requireOurs({ target }: Ends, config: Config): void {
  if (config.description?.startsWith(markOf(target.component))) return
  const values = { component: target.component, vmid: target.vmid, site: target.siteTitle }
  throw new Failure(
    { key: 'proxmox-vm.delta.foreign', values },
    { remedy: { key: 'proxmox-vm.delta.foreign.remedy', values } },
  )
}
