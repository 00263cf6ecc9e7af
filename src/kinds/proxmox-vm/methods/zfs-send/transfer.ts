import { Failure } from '../../../../model/failure.ts'
import type { ChangeIo, ReadIo } from '../../../../model/io.ts'
import type { Ends, MachineSide } from '../../sides.ts'
import {
  dryRun,
  forgetPartial,
  parseEstimate,
  pull,
  push,
  resumedSnapshot,
  resuming,
  rollBack,
  sending,
} from './commands.ts'
import { propertiesOf } from './datasets.ts'

/** `since`: the snapshot's name without its dataset, which both ends have; absent: all of it. */
export type Sent = { from: MachineSide; snapshot: string; to: MachineSide; dataset: string; since?: string }

/**
 * Brings one snapshot to the other end, and gives how many bytes that takes. Goes on with a transfer of the same snapshot
 * that broke. Always run at the source: only it needs a key for the other end. The receiver's disk must not have been written
 * to since `since`, which is for the caller to have made sure of; snapshots that somebody took there after it then hold nothing.
 */
export async function transfer(io: ChangeIo, { source, target }: Ends, sent: Sent): Promise<number> {
  const { from, snapshot, to, dataset, since } = sent
  const token = await usableToken(io, sent)
  if (token === undefined && since !== undefined)
    await io.change(to.host.ssh, rollBack(`${dataset}@${since}`))
  const base = since && `${snapshot.split('@')[0]}@${since}`
  const sender = token === undefined ? sending(snapshot, base) : resuming(token)
  const { stdout, stderr: said } = await io.read(from.host.ssh, dryRun(sender))
  const bytes = parseEstimate(stdout + said) ?? 0
  io.report({ bytesDone: 0, bytesTotal: bytes, note: snapshot })
  const argv = to === target ? push(sender, target.host, dataset) : pull(sender, target.host, dataset)
  const { exitCode, stderr } = await io.change(source.host.ssh, argv, { allowFailure: true })
  if (exitCode !== 0) throw notSent(sent, stderr)
  io.report({ bytesDone: bytes, bytesTotal: bytes, note: snapshot })
  return bytes
}

/** The token of this very snapshot; what is left of another is forgotten, since ZFS takes nothing new beside it. */
async function usableToken(io: ChangeIo, { from, snapshot, to, dataset }: Sent): Promise<string | undefined> {
  const token = await tokenOf(io, to, dataset)
  if (token === undefined) return undefined
  const said = await io.read(from.host.ssh, dryRun(resuming(token)), { allowFailure: true })
  if (said.exitCode === 0 && resumedSnapshot(said.stdout + said.stderr) === snapshot) return token
  await io.change(to.host.ssh, forgetPartial(dataset))
  return undefined
}

export async function tokenOf(io: ReadIo, at: MachineSide, dataset: string): Promise<string | undefined> {
  const [token = '-'] = (await propertiesOf(io, at, dataset, 'receive_resume_token')) ?? []
  return token === '-' || token === '' ? undefined : token
}

function notSent({ from, snapshot, to, dataset }: Sent, stderr: string): Failure {
  const values = {
    component: from.component,
    from: from.host.ssh,
    snapshot,
    to: to.host.ssh,
    dataset,
    detail: stderr.trim().slice(-600),
  }
  return new Failure(
    { key: 'proxmox-vm.zfs.notSent', values },
    { remedy: { key: 'proxmox-vm.zfs.notSent.remedy', values } },
  )
}
