import { Failure } from '../../../../model/failure.ts'
import type { ChangeIo, ReadIo } from '../../../../model/io.ts'
import { every, until } from '../../../kit/until.ts'
import {
  askQmp,
  type QmpCommand,
  type QmpSocket,
  qmpAnswers,
  qmpInput,
  readAnswers,
} from '../../machine/qmp.ts'
import type { MachineSide } from '../../sides.ts'
import { type Node, nodeOf, parseNodes, queryNodes } from './bitmaps.ts'
import { readDaemon, startDaemon } from './commands.ts'
import { daemonSocket, machineSocket } from './names.ts'

/** It closes its images first, which are written out by then. */
const daemonEndSeconds = 60

export type DiskAt = { slot: string; path: string }

/**
 * Gives the socket of whatever holds the disks: the machine's own QEMU when it runs, else a storage daemon that is started
 * for the work and ended after it. It ends cleanly, so that the bitmaps are in the images when this comes back.
 */
export async function withBlockLayer<T>(
  io: ChangeIo,
  at: MachineSide,
  disks: readonly DiskAt[],
  work: (socket: QmpSocket, running: boolean) => Promise<T>,
): Promise<T> {
  const own: QmpSocket = { ssh: at.host.ssh, path: machineSocket(at) }
  if (await qmpAnswers(io, own)) return work(own, true)
  await endDaemon(io, at)
  await io.change(at.host.ssh, startDaemon(at, disks))
  try {
    return await work({ ssh: at.host.ssh, path: daemonSocket(at) }, false)
  } finally {
    if (!io.signal.aborted) await endDaemon(io, at)
  }
}

/** Ends a storage daemon of ours, maybe of an attempt that was killed: as long as it lives no machine can have the disks. */
export async function endDaemon(io: ChangeIo, at: MachineSide): Promise<void> {
  const socket: QmpSocket = { ssh: at.host.ssh, path: daemonSocket(at) }
  if (!(await qmpAnswers(io, socket))) return
  await askQmp(io.change, socket, [{ execute: 'quit' }])
  const look = async () => ((await qmpAnswers(io, socket)) ? { waiting: undefined } : { done: undefined })
  await until(io, look, {
    seconds: daemonEndSeconds,
    ...every(0.1),
    otherwise: () =>
      new Failure({
        key: 'proxmox-vm.delta.daemonStays',
        values: { component: at.component, host: at.host.ssh, socket: socket.path },
      }),
  })
}

/** The nodes of the disks, in the order asked for. Throws Failure when one is not a qcow2 image of that path. */
export async function nodesOf(
  io: ReadIo,
  at: MachineSide,
  socket: QmpSocket,
  disks: readonly DiskAt[],
): Promise<Node[]> {
  const [answer = []] = await askQmp(io.read, socket, [queryNodes])
  return pick(at, parseNodes(answer), disks)
}

/** The same, of a machine that may run or not, or of a daemon that an attempt left behind; nothing is changed. */
export async function lookAtNodes(io: ReadIo, at: MachineSide, disks: readonly DiskAt[]): Promise<Node[]> {
  for (const path of [machineSocket(at), daemonSocket(at)]) {
    const socket = { ssh: at.host.ssh, path }
    if (await qmpAnswers(io, socket)) return nodesOf(io, at, socket, disks)
  }
  const commands: QmpCommand[] = [queryNodes, { execute: 'quit' }]
  const result = await io.read(at.host.ssh, readDaemon(disks), { input: qmpInput(commands) })
  const [answer = []] = readAnswers({ ssh: at.host.ssh, path: 'stdio' }, commands, result.stdout)
  return pick(at, parseNodes(answer), disks)
}

function pick(at: MachineSide, nodes: readonly Node[], disks: readonly DiskAt[]): Node[] {
  return disks.map(({ slot, path }) => {
    const node = nodeOf(nodes, path)
    if (node !== undefined) return node
    throw new Failure(
      {
        key: 'proxmox-vm.delta.noNode',
        values: { component: at.component, host: at.host.ssh, slot, path },
      },
      { remedy: { key: 'proxmox-vm.delta.noNode.remedy' } },
    )
  })
}
