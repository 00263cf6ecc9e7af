import { Failure } from '../../../model/failure.ts'
import type { CommandResult } from '../../../model/io.ts'

/** Broken pipe, protocol stream, timeouts, killed peer, ssh's own 255. */
const linkLost = new Set([10, 12, 30, 35, 255])

export type Copying = {
  component: string
  /** Where rsync runs, by its ssh name. */
  at: string
  /** The other end, by its ssh name, and as `at` reaches it. */
  other: { ssh: string; address: string }
  /** Where the content is written. */
  into: { ssh: string; path: string }
}

/** rsync's exit code and last words as something a person can act on. */
export function copyFailure({ exitCode, stderr }: CommandResult, copying: Copying): Failure {
  const { component, at, other, into } = copying
  const [key, remedy] = sentences[reason(exitCode, stderr)]
  const values = { at, other: other.ssh, address: other.address, into: into.ssh, path: into.path }
  const detail = lastLines(stderr)
  return new Failure(
    { key, values: { ...values, component, exitCode, detail } },
    { remedy: { key: remedy, values }, cause: new Error(detail) },
  )
}

const sentences = {
  full: ['proxmox-vm.copy.full', 'proxmox-vm.copy.full.remedy'],
  refused: ['proxmox-vm.copy.refused', 'proxmox-vm.copy.refused.remedy'],
  missing: ['proxmox-vm.copy.missing', 'proxmox-vm.copy.missing.remedy'],
  link: ['proxmox-vm.copy.link', 'proxmox-vm.copy.link.remedy'],
  failed: ['proxmox-vm.copy.failed', 'proxmox-vm.copy.failed.remedy'],
} as const

function reason(exitCode: number, stderr: string): keyof typeof sentences {
  if (/No space left on device|Disk quota exceeded/.test(stderr)) return 'full'
  if (/Permission denied \(|Host key verification failed/.test(stderr)) return 'refused'
  if (exitCode === 127 || /rsync: (command )?not found/.test(stderr)) return 'missing'
  return linkLost.has(exitCode) ? 'link' : 'failed'
}

/** The last lines that say something: enough for a person, short enough for a journal. */
function lastLines(stderr: string): string {
  const lines = stderr.split('\n').filter(line => line.trim() !== '' && !/^rsync error: /.test(line))
  return lines.slice(-3).join(' | ').slice(0, 600)
}
