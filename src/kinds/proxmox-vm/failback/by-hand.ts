import type { Text } from '../../../model/text.ts'
import type { Ends } from '../sides.ts'
import { fetchOnto } from '../transfer/commands.ts'

/** What a person types to bring the target's writes home; `DISK` stands for each image's path, which `pvesm path` tells. */
export function copyBackByHand({ source, target }: Ends): Text {
  const argv = fetchOnto(target.host, { from: '/TARGET-DISK', onto: '/SOURCE-DISK', temporary: '' })
  const typed = argv.filter(word => word !== '--temp-dir=').map(quoted)
  return {
    key: 'proxmox-vm.return.byHand',
    values: {
      source: source.host.ssh,
      target: target.host.ssh,
      sourceVmid: source.vmid,
      targetVmid: target.vmid,
      command: typed.join(' '),
    },
  }
}

const quoted = (word: string): string =>
  /^[\w@%+=:,./[\]-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
