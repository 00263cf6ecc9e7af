import { z } from 'zod'
import { Failure } from '../../../model/failure.ts'
import type { ChangeIo, ReadIo } from '../../../model/io.ts'
import type { Text } from '../../../model/text.ts'
import type { Handle } from '../../kit/kind-parts.ts'
import { readPve } from '../client/read.ts'
import { type AboutMachine, proxmoxVm } from '../facts.ts'
import { requireOff, statusAt } from '../machine/existing.ts'
import { readTargetVmRecord, writeTargetVmRecord } from '../machine/target-vm-record.ts'
import { planned, said, undoable } from '../planned-step.ts'
import { type Ends, endsOf, type Of } from '../sides.ts'
import { freeGigabytes, neededGigabytes } from '../sizes.ts'
import { shellArgv } from '../transfer/commands.ts'
import { type DiskPair, diskPairs } from '../whole-disk/disks.ts'
import { copyBackByHand } from './by-hand.ts'
import { freeBytes, reachRsync, takenBlocks } from './commands.ts'
import { copyDiskBack } from './copy-disk-back.ts'

type WayBack = {
  seconds(about: AboutMachine): { 'way-back': number; return: number }
  after?: Handle
  /** Brings the writes home; default: both machines are off. */
  home?(io: ChangeIo, ends: Ends): Promise<void>
}

/**
 * From here on the guest writes at the target. Applying makes sure that its writes could come back; undoing brings them:
 * the target's images onto the source's, by what differs, both machines off.
 */
export const wayBack = (name: string, { seconds, after, home = copyWritesBack }: WayBack) =>
  proxmoxVm.action({
    name,
    step: 'way-back',
    makesReturnPath: true,
    touches: ['source', 'target'],
    result: z.object({ disks: z.number(), freeBytesAtSource: z.number() }),
    plan(about) {
      const { 'way-back': expectedSeconds, return: undoSeconds } = seconds(about)
      return planned(about, {
        title: 'proxmox-vm.whole.way-back.title',
        stage: 'handover',
        expectedSeconds,
        ...(after && { after: [after] }),
        undo: undoable(undoSeconds, copyBackByHand(endsOf(about))),
      })
    },
    isDone: async () => false,

    async apply(acting, io) {
      const ends = endsOf(acting)
      const pairs = await diskPairs(io, ends)
      const argv = reachRsync(shellArgv, ends.target.host.address)
      await io.read(ends.source.host.ssh, argv)
      const freeAtSource = await requireRoom(io, ends, pairs)
      const note = await readTargetVmRecord(io, ends.target)
      if (note !== undefined)
        await writeTargetVmRecord(io.at('target'), ends.target, { ...kept(note), state: 'in-use' })
      return { disks: pairs.length, freeBytesAtSource: freeAtSource }
    },

    undo: (acting, io) => home(io.at('source', 'target'), endsOf(acting)),
    undoWithout: { target: async acting => [writesLost(acting)] },
  })

/** The source's images are as they were when its machine went down: nothing is brought, and nothing has to be. */
export const writesLost = (of: Of): Text => said(of, 'proxmox-vm.loses')

/** Once: a machine whose writes are home may have written at the source since. Throws Failure when either machine runs. */
export async function copyWritesBack(io: ChangeIo, ends: Ends): Promise<void> {
  const note = await readTargetVmRecord(io, ends.target)
  if (note?.state === 'home' || (await statusAt(io, ends.target)) === undefined) return
  await copyDisksBack(io, ends)
  if (note !== undefined) await writeTargetVmRecord(io, ends.target, { ...kept(note), state: 'home' })
}

async function copyDisksBack(io: ChangeIo, ends: Ends): Promise<void> {
  await requireOff(io, ends.target)
  await requireOff(io, ends.source)
  // An internal snapshot lives in the image that is replaced, and the target never had it.
  const keepOld = (await readPve(ends.source, io).config()).parent !== undefined
  for (const pair of await diskPairs(io, ends)) {
    const { sentBytes } = await copyDiskBack(io, ends, pair, { keepOld })
    io.report({ note: pair.slot, bytesDone: sentBytes })
  }
}

/** The new image is put together beside the old one: room for the largest is needed once more. */
async function requireRoom(io: ReadIo, { source, target }: Ends, pairs: DiskPair[]): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  for (const { source: here, target: there } of pairs) {
    if (here.path.startsWith('/dev/')) continue
    const [free, blocks] = await Promise.all([
      io.read(source.host.ssh, freeBytes(here.path)),
      io.read(target.host.ssh, takenBlocks(there.path)),
    ])
    const freeNow = Number(/\d+/.exec(free.stdout)?.[0])
    const wanted = Number(blocks.stdout) * 512
    if (freeNow < wanted) {
      const sizes = { freeNow: freeGigabytes(freeNow), wanted: neededGigabytes(wanted) }
      const values = { component: source.component, host: source.host.ssh, path: here.path, ...sizes }
      throw new Failure(
        { key: 'proxmox-vm.return.noRoom', values },
        { remedy: { key: 'proxmox-vm.return.noRoom.remedy', values } },
      )
    }
    least = Math.min(least, freeNow)
  }
  return Number.isFinite(least) ? least : 0
}

const kept = ({ way, transfer, stamp }: NonNullable<Awaited<ReturnType<typeof readTargetVmRecord>>>) => ({
  way,
  ...(transfer && { transfer }),
  ...(stamp !== undefined && { stamp }),
})
