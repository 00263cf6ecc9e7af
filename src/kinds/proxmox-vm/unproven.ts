import type { Text } from '../../model/text.ts'
import type { MethodName } from './spec.ts'

const ofWay: Partial<Record<MethodName, Text>> = {
  'seed-and-delta-zfs': { key: 'proxmox-vm.unproven.zfs' },
}

/** What has never run against the real thing: the whole kind, and a way where one is named. */
export function unprovenOf(way: MethodName | undefined): Text[] {
  const own = way && ofWay[way]
  return [{ key: 'proxmox-vm.unproven' }, ...(own ? [own] : [])]
}
