import { Failure } from '../../../model/failure.ts'
import type { Argv, ChangeIo, CommandResult, ReadIo } from '../../../model/io.ts'
import { endLeftovers } from '../../kit/rsync-leftovers.ts'
import type { MachineSide } from '../sides.ts'
import { fetchOnto, fetchOntoDevice, hash, send } from './commands.ts'
import { type CopyReport, copyReader, parseHash } from './output.ts'

type Ends = { source: MachineSide; target: MachineSide; limitMbps?: number | undefined }

/** From the source's hypervisor to the target's. Goes on from what an earlier attempt has sent. */
export async function sendFile(
  io: ChangeIo,
  ends: Ends,
  file: { from: string; to: string; sizeBytes?: number },
): Promise<CopyReport> {
  const argv = send(ends.target.host, { ...file, limitMbps: ends.limitMbps })
  const into = { ssh: ends.target.host.ssh, path: file.to }
  await endLeftovers(io, into.ssh, into.path)
  return rsync(io, argv, ends, into, copyReader('sent', reporter(io, file.sizeBytes)))
}

/** From the target's hypervisor onto the source's older state of the same disk. `temporary` omitted: onto a block device. */
export async function fetchDisk(
  io: ChangeIo,
  ends: Ends,
  disk: { from: string; onto: string; temporary?: string; sizeBytes?: number },
): Promise<CopyReport> {
  const { from, onto, temporary } = disk
  const common = { from, onto, limitMbps: ends.limitMbps }
  const argv =
    temporary === undefined
      ? fetchOntoDevice(ends.target.host, common)
      : fetchOnto(ends.target.host, { ...common, temporary })
  const into = { ssh: ends.source.host.ssh, path: onto }
  return rsync(io, argv, ends, into, copyReader('received', reporter(io, disk.sizeBytes)))
}

/** Either way rsync runs at the source: only it needs a key for the other end. */
async function rsync(
  io: ChangeIo,
  argv: Argv,
  { source, target }: Ends,
  into: { ssh: string; path: string },
  reader: ReturnType<typeof copyReader>,
): Promise<CopyReport> {
  const result = await io.change(source.host.ssh, argv, { allowFailure: true, onLine: reader.onLine })
  if (result.exitCode === 0) return reader.report()
  const other = { ssh: target.host.ssh, address: target.host.address }
  throw copyFailure(result, { component: source.component, at: source.host.ssh, other, into })
}

/** SHA-256 of a file's or a block device's content, in hexadecimal. */
export async function hashAt(io: ReadIo, { host, component }: MachineSide, path: string): Promise<string> {
  const { stdout } = await io.read(host.ssh, hash(path))
  const found = parseHash(stdout)
  if (found !== undefined) return found
  throw new Failure({
    key: 'proxmox-vm.copy.noHash',
    values: { component, host: host.ssh, path, detail: stdout.slice(0, 200) },
  })
}

/** Throws Failure unless both ends hold the same content: what it weighs is read once at each end, at the same time. */
export async function requireSameHash(
  io: ReadIo,
  left: { side: MachineSide; path: string; hash?: Promise<string> },
  right: { side: MachineSide; path: string },
): Promise<string> {
  const [here, there] = await Promise.all([
    left.hash ?? hashAt(io, left.side, left.path),
    hashAt(io, right.side, right.path),
  ])
  if (here === there) return here
  const values = {
    component: left.side.component,
    left: left.side.host.ssh,
    leftPath: left.path,
    right: right.side.host.ssh,
    rightPath: right.path,
  }
  throw new Failure(
    { key: 'proxmox-vm.copy.different', values },
    { remedy: { key: 'proxmox-vm.copy.different.remedy', values } },
  )
}

function reporter(io: ReadIo, bytesTotal: number | undefined): (bytes: number) => void {
  return bytes =>
    io.report(
      bytesTotal === undefined
        ? { bytesDone: bytes }
        : { bytesDone: Math.min(bytes, bytesTotal), bytesTotal },
    )
}

/** Broken pipe, protocol stream, timeouts, killed peer, ssh's own 255. */
const linkLost = new Set([10, 12, 30, 35, 255])

type Copying = {
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
