import { basename } from 'node:path'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/**
 * Whole nights and emulated machines, the longest first: started last they would keep one worker after the others are done.
 * With three workers at most two whole nights run at once, and what boots guests waits until the night with machines is
 * nearly over: more of both make each other late.
 */
const slow = [
  'run-schedules',
  'techcorp-kill-every-write',
  'machines-night',
  'docs-commands',
  'postgres-night',
  'files',
  'postgres-prepare',
  'night',
  'docs-programs',
  'nftables',
  'docs-labs',
  'secrets',
  'wireguard-night',
  'bad-input',
  'wireguard',
  'proxmox-seed-and-delta',
  'proxmox-remote-migrate',
  'proxmox-backup-restore',
  'line',
  'wireguard-killed',
  'vpn-lab',
  'dns-lab',
  'transfers-line-lost',
  'guest-image',
  'forwarder',
  'dns-lab-faults',
  'hypervisor-guest',
  'lab-network',
  'proxmox-audit',
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
