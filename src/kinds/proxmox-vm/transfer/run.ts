import { Failure } from '../../../model/failure.ts'
import type { Argv, ChangeIo, ReadIo } from '../../../model/io.ts'
import { endLeftovers } from '../../kit/rsync-leftovers.ts'
import type { MachineSide } from '../sides.ts'
import { fetchOnto, fetchOntoDevice, hash, send } from './commands.ts'
import { copyFailure } from './failure.ts'
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

/** From the target's hypervisor onto the source's older state of the same disk. `temporary` left out: onto a block device. */
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
