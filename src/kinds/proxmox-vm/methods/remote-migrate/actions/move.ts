import type { ChangeIo } from '../../../../../model/io.ts'
import { shutdownStep } from '../../../actions/shutdown.ts'
import { changePve } from '../../../client/change.ts'
import { proxmoxVm } from '../../../facts.ts'
import { copyWritesBack, wayBack } from '../../../failback/way-back.ts'
import { awaitGuestReady, isGuestReady } from '../../../machine/await-guest-ready.ts'
import { startSeconds } from '../../../machine/disk-rates.ts'
import { requireOff, statusAt } from '../../../machine/existing.ts'
import { readTargetVmRecord, transferred } from '../../../machine/target-vm-record.ts'
import { turnOff } from '../../../machine/turn-off.ts'
import { type Ends, endsOf } from '../../../sides.ts'
import { expected } from '../../../transfer-method.ts'
import { forecast, forecastOnline } from '../forecast.ts'
import { endMigration, giveBack, giveBackSeconds, hasMoved, migrate, plannedMove } from '../migrate.ts'

/** The machine, off, moved whole by PVE. A rehearsal brings an archive instead: PVE cannot migrate a copy and keep the original. */
export const finalDelta = proxmoxVm.action({
  name: 'remote-migrate.final-delta',
  step: 'final-delta',
  touches: ['source', 'target'],
  result: transferred,
  plan: about => ({
    ...plannedMove(about, {
      title: 'proxmox-vm.migrate.off.title',
      byHand: 'proxmox-vm.migrate.off.byHand',
      expectedSeconds: expected(forecast)(about)['final-delta'],
      undoSeconds: giveBackSeconds,
    }),
    after: [shutdownStep],
  }),

  async isDone(acting, io) {
    const ends = endsOf(acting)
    const note = await readTargetVmRecord(io, ends.target)
    if (note?.state !== 'made' || note.way !== 'remote-migrate') return false
    return (await hasMoved(io, ends)) && { transfer: note.transfer ?? null }
  },

  async apply(acting, io) {
    const ends = endsOf(acting)
    await requireOff(io, ends.source)
    const both = io.at('source', 'target')
    return { transfer: await migrate(both, ends, { way: 'remote-migrate', online: false }) }
  },

  undo: (acting, io) => giveBack(io.at('source'), endsOf(acting)),
})

const whileRunning = 'remote-migrate-online'
const secondsOnline = expected(forecastOnline)

/**
 * The guest goes to the target while it runs, disk and memory. From then on it writes there, with the source's address until the
 * start step has changed it. Undoing starts the machine at the source again, once its disks are home.
 */
export const moveRunning = proxmoxVm.action({
  name: 'remote-migrate-online.final-delta',
  step: 'final-delta',
  touches: ['source', 'target'],
  handsOver: true,
  result: transferred,
  plan: about =>
    plannedMove(about, {
      title: 'proxmox-vm.migrate.running.title',
      byHand: 'proxmox-vm.migrate.running.byHand',
      expectedSeconds: secondsOnline(about)['final-delta'],
      undoSeconds: giveBackSeconds + startSeconds,
    }),

  async isDone(acting, io) {
    const ends = endsOf(acting)
    const note = await readTargetVmRecord(io, ends.target)
    if (note === undefined || note.state === 'making' || note.way !== whileRunning) return false
    return (await hasMoved(io, ends)) && { transfer: note.transfer ?? null }
  },

  apply: async (acting, io) => ({
    transfer: await migrate(io.at('source', 'target'), endsOf(acting), { way: whileRunning, online: true }),
  }),

  async undo(acting, io) {
    const ends = endsOf(acting)
    const atSource = io.at('source')
    await endMigration(atSource, ends)
    // A migration that was ended on its way has left the guest running at the source, untouched.
    if (await hasMoved(io, ends)) await homeFromRunning(io.at('source', 'target'), ends)
    await serveAgain(atSource, ends)
  },

  undoWithout: { target: (acting, io) => serveAgain(io.at('source'), endsOf(acting)) },
})

async function serveAgain(io: ChangeIo, ends: Ends): Promise<void> {
  await giveBack(io, ends)
  const status = await statusAt(io, ends.source)
  if (status?.status === 'stopped') await changePve(ends.source, io).start()
  if (!(await isGuestReady(io, ends.source, 'source'))) await awaitGuestReady(io, ends.source, 'source')
}

/** The guest has been writing at the target since it moved, long before it was given the target's address. */
export const wayBackRunning = wayBack('remote-migrate-online.way-back', {
  seconds: secondsOnline,
  after: moveRunning,
  home: homeFromRunning,
})

async function homeFromRunning(io: ChangeIo, ends: Ends): Promise<void> {
  const status = await statusAt(io, ends.target)
  if (status?.status === 'running') await turnOff(io, ends.target)
  await copyWritesBack(io, ends)
}
