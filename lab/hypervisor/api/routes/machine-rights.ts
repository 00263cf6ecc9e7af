import { Refusal } from '../../machines/refusal.ts'
import type { Config } from '../../machines/types.ts'
import type { Call } from '../http/call.ts'
import { type OptionGroup, optionGroups } from '../parameters/machine-options.ts'
import { propertyOf } from '../parameters/property.ts'
import { assertVolumeAccess } from './volume-access.ts'

/** What changing an option takes. The other groups are judged by their value, or by where they lead. */
const privileges: Partial<Record<OptionGroup, readonly string[]>> = {
  cpu: ['VM.Config.CPU'],
  memory: ['VM.Config.Memory'],
  hardware: ['VM.Config.HWType'],
  general: ['VM.Config.Options'],
  power: ['VM.PowerMgmt'],
  disk: ['VM.Config.Disk'],
  network: ['VM.Config.Network'],
  cloudInit: ['VM.Config.Cloudinit', 'VM.Config.Network'],
}

const groupOf = (option: string): OptionGroup | undefined =>
  (Object.keys(optionGroups) as OptionGroup[]).find(group => propertyOf(optionGroups[group], option))

/** Throws unless the caller may set or remove each of these options of the machine. */
export function assertMayChange(call: Call, options: readonly string[]): void {
  for (const option of options) {
    const group = groupOf(option)
    if (group === undefined) throw new Refusal(`only root can set '${option}' config`)
    const needed = privileges[group]
    if (needed) call.assertHolds(`/vms/${call.vmid}`, needed, 'any')
    if (option === 'startup') call.assertHolds('/', ['Sys.Modify'])
    if (/^(hostpci|usb|parallel)\d+$/.test(option)) assertMapped(call, option)
    if (option === 'tags') call.assertHolds(`/vms/${call.vmid}`, ['VM.Config.Options'])
  }
}

/** A host's own device is root's to give away, whatever the token holds. */
function assertMapped(call: Call, option: string): void {
  const value = call.maybe(option)
  if (value !== undefined && !/(^|,)mapping=/.test(value))
    throw new Refusal(`only root can set '${option}' config for non-mapped devices`)
}

export const isDrive = (option: string): boolean => groupOf(option) === 'drives'

/** Throws unless the caller may use the storages, volumes and bridges that the options name. */
export function assertMayUse(call: Call, config: Config): void {
  for (const [option, value] of Object.entries(config)) {
    if (isDrive(option)) assertMayUseVolume(call, value)
    if (/^net\d+$/.test(option)) assertMayUseBridge(call, value)
  }
}

function assertMayUseVolume(call: Call, value: string): void {
  const volume = /^(?:file=)?([^,]+)/.exec(value)?.[1] ?? ''
  if (volume === 'none' || volume.endsWith('cloudinit')) return
  const [, storage] = /^([a-z][\w.-]*):\d+(\.\d+)?$/i.exec(volume) ?? []
  if (volume === 'cdrom') call.assertHolds('/', ['Sys.Console'])
  else if (storage === undefined) assertVolumeAccess(call, volume, call.vmid)
  else call.assertHolds(`/storage/${storage}`, ['Datastore.AllocateSpace'])
}

function assertMayUseBridge(call: Call, value: string): void {
  const [bridge, tag] = [/(?:^|,)bridge=([^,]+)/.exec(value)?.[1], /(?:^|,)tag=(\d+)/.exec(value)?.[1]]
  if (bridge === undefined) return
  const path = `/sdn/zones/localnetwork/${bridge}`
  call.assertHolds(tag === undefined ? path : `${path}/${tag}`, ['SDN.Use'], 'any')
}
