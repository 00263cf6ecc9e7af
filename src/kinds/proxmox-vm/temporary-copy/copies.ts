import { z } from 'zod'
import type { ChangeIo, ReadIo } from '../../../model/io.ts'
import { changePve } from '../client/change.ts'
import { readPve } from '../client/read.ts'
import { awaitTasks, imagesOfNumber, isUnmade, removeUnnamed, statusAt } from '../machine/existing.ts'
import { privateFolder, unlock } from '../machine/host-commands.ts'
import { readNote } from '../machine/json-note.ts'
import { endsOf, type MachineSide, type Of } from '../sides.ts'
import type { CopyOptions, TransferMethod } from '../transfer-method.ts'

/** A machine that stands for the real one for a while. `test`: T5; `rehearsal`: the night's rehearsal. */
export type CopyPurpose = 'test' | 'rehearsal'

const noteFile = ({ staging }: MachineSide, purpose: CopyPurpose): string => `${staging}/copy-${purpose}.json`
const mark = ({ component }: MachineSide, purpose: CopyPurpose): string =>
  `Bascule: ${purpose} copy of ${component}`

/** `others`: images that had the number before, and are none of ours. */
const note = z.object({ vmid: z.number(), others: z.array(z.string()).optional() })
const readCopyNote = (io: ReadIo, target: MachineSide, purpose: CopyPurpose) =>
  readNote(io, target, noteFile(target, purpose), note)

/** The copy that there is; undefined when none is noted. */
export async function copyAt(
  io: ReadIo,
  target: MachineSide,
  purpose: CopyPurpose,
): Promise<MachineSide | undefined> {
  const noted = await readCopyNote(io, target, purpose)
  return noted && { ...target, vmid: noted.vmid }
}

/** A stopped copy under a number that is free. Its number is noted before it is made, so that a crash leaves no stranger. */
export async function makeCopy(
  of: Of,
  io: ChangeIo,
  method: TransferMethod,
  purpose: CopyPurpose,
  wiring: Pick<CopyOptions, 'bridge' | 'vlan'>,
): Promise<MachineSide> {
  const { target } = endsOf(of)
  await destroyCopy(io, target, purpose)
  // Proxmox VE calls a number free until a machine has it: two components at once would be given the same.
  return alone(target.api.url, () => makeNumberedCopy(of, io, method, purpose, wiring))
}

async function makeNumberedCopy(
  of: Of,
  io: ChangeIo,
  method: TransferMethod,
  purpose: CopyPurpose,
  wiring: Pick<CopyOptions, 'bridge' | 'vlan'>,
): Promise<MachineSide> {
  const { target } = endsOf(of)
  const vmid = await readPve(target, io).nextId()
  await io.change(target.host.ssh, privateFolder(target.staging))
  const others = await imagesOfNumber(io, { ...target, vmid })
  await io.writeFile(target.host.ssh, noteFile(target, purpose), `${JSON.stringify({ vmid, others })}\n`, {
    mode: '0600',
  })
  const name = `${target.component}-${purpose}`.replace(/[^A-Za-z0-9-]/g, '-')
  const description = `${mark(target, purpose)}\n`
  await method.makeCopy(of, { vmid, name, description, ...wiring }, io)
  return { ...target, vmid }
}

const queues = new Map<string, Promise<unknown>>()

/** Works of one cluster one after the other, whatever became of those before. */
function alone<T>(cluster: string, work: () => Promise<T>): Promise<T> {
  const mine = (queues.get(cluster) ?? Promise.resolve()).then(work, work)
  queues.set(cluster, mine)
  return mine
}

/** Switched off and gone with its disks. Only what its own note and description call a copy is ever destroyed. */
export async function destroyCopy(io: ChangeIo, target: MachineSide, purpose: CopyPurpose): Promise<void> {
  const noted = await readCopyNote(io, target, purpose)
  if (noted === undefined) return
  const copy = { ...target, vmid: noted.vmid }
  await awaitTasks(io, copy)
  const status = await statusAt(io, copy)
  const isFree = status === undefined
  const isOurs = !isFree && (await isCopy(io, copy, mark(target, purpose)))
  if (isOurs) {
    if (status.lock !== undefined) await io.change(copy.host.ssh, unlock(copy.vmid))
    if (status.status === 'running') await changePve(copy, io).stop()
    await changePve(copy, io).destroy({ purge: true })
  }
  if ((isFree || isOurs) && noted.others !== undefined) await removeUnnamed(io, copy, noted.others)
  await io.change(target.host.ssh, ['rm', '-f', '--', noteFile(target, purpose)])
}

/** By its description; one that was not yet made has none. */
async function isCopy(io: ReadIo, copy: MachineSide, mark: string): Promise<boolean> {
  const config = await readPve(copy, io).config()
  return config.description?.startsWith(mark) ?? isUnmade(config)
}
