import { basename } from 'node:path'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/**
 * Whole nights and emulated machines, the longest first: started last they would keep one worker after the others are done.
 */
const slow = [
  'run-schedules',
  'techcorp-kill-every-write',
  'machines-night',
  'docs-commands',
  'postgres-night',
  'night',
  'docs-programs',
  'files',
  'postgres-prepare',
  'nftables',
  'secrets',
  'docs-labs',
  'wireguard-night',
  'bad-input',
  'wireguard',
  'line',
  'wireguard-killed',
  'vpn-lab',
  'dns-lab',
  'transfers-line-lost',
  'forwarder',
  'dns-lab-faults',
  'lab-network',
  'proxmox-seed-and-delta',
  'proxmox-bad-night',
  'proxmox-remote-migrate',
  'proxmox-backup-restore',
  'guest-image',
  'proxmox-audit',
  'hypervisor-guest',
]

const rank = ({ moduleId }: TestSpecification): number => {
  const place = slow.indexOf(basename(moduleId, '.test.ts'))
  return place === -1 ? slow.length : place
}

/** The order of files where nothing is known of earlier runs, as in a fresh clone. */
export class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    return sorted.toSorted((left, right) => rank(left) - rank(right))
  }
}
