import { z } from 'zod'
import { Failure } from '../../../model/failure.ts'
import { secondsBetween } from '../../../model/instant.ts'
import type { ChangeIo, ReadIo } from '../../../model/io.ts'
import { changePve } from '../client/change.ts'
import { readPve } from '../client/read.ts'
import { proxmoxVm } from '../facts.ts'
import { awaitGuestReady, isGuestReady } from '../machine/await-guest-ready.ts'
import { powerSeconds, startTime } from '../machine/disk-rates.ts'
import { awaitTasks, requireOff } from '../machine/existing.ts'
import { privateFolder, unlock } from '../machine/host-commands.ts'
import { readNote } from '../machine/json-note.ts'
import { turnOff } from '../machine/turn-off.ts'
import { planned, said, undoable } from '../planned-step.ts'
import { endsOf, type MachineSide } from '../sides.ts'
import type { Methods } from '../transfer-method.ts'

/** `onboot`: what it was before, as PVE says it. */
export const shutdownStep = {
  name: 'shutdown',
  touches: ['source'],
  result: z.object({ onboot: z.string(), seconds: z.number().optional() }),
} as const

/** The source's machine goes down cleanly and stays down. The undo brings it back to its users: its address, its probes. */
export const shutdown = (methods: Methods) =>
  proxmoxVm.action({
    ...shutdownStep,
    plan(about) {
      const deadlineSeconds = powerSeconds(about.spec)
      const undo = undoable(startTime(about.spec), said(about, 'proxmox-vm.shutdown.byHand'))
      return planned(about, {
        title: 'proxmox-vm.shutdown.title',
        stage: 'quiesce',
        expectedSeconds: 5,
        params: { way: methods.chosen(about).name },
        attempts: 2,
        deadlineSeconds,
        undo: { ...undo, deadlineSeconds: deadlineSeconds + 60 },
      })
    },

    async isDone(acting, io) {
      const { source } = endsOf(acting)
      const [{ status }, { onboot = '0' }] = await Promise.all([
        readPve(source, io).status(),
        readPve(source, io).config(),
      ])
      if (status !== 'stopped' || onboot !== '0') return false
      // What the start at the target sets there.
      return { onboot: (await beforeRetired(io, source))?.onboot ?? '0' }
    },

    async apply(acting, io) {
      const { source, target } = endsOf(acting)
      const atSource = io.at('source')
      const from = io.now()
      await requireUnlocked(atSource, source)
      const why = `Bascule: ${source.component} → ${target.siteTitle} (${target.node} ${target.vmid}). onboot 0.`
      const before = await retire(atSource, source, why)
      await turnOff(atSource, source)
      return { onboot: before.onboot, seconds: secondsBetween(from, io.now()) }
    },

    async undo(acting, io) {
      const { source, target } = endsOf(acting)
      const atSource = io.at('source')
      // Two machines with one identity must never run at the same time. One that was never started need not be asked, and one
      // of a site that is given up is kept from serving by people.
      if (acting.handedOver && acting.without !== 'target') await requireOff(io, target)
      await methods.named(acting.step.params.way).releaseSource?.(acting, atSource)
      const { status } = await readPve(source, io).status()
      // One that runs as it was never retired: a lock on it is somebody else's.
      if (status === 'stopped' || (await beforeRetired(io, source)) !== undefined)
        await liftLock(atSource, source)
      if (status === 'stopped') await changePve(source, atSource).start()
      if (!(await isGuestReady(io, source, 'source'))) await awaitGuestReady(atSource, source, 'source')
      await reinstate(atSource, source)
    },
  })

/** Throws Failure when it is locked though no task of it runs any more: nothing has been changed yet. */
async function requireUnlocked(io: ChangeIo, source: MachineSide): Promise<void> {
  await awaitTasks(io, source)
  const { lock } = await readPve(source, io).status()
  if (lock === undefined) return
  const { component, siteTitle: site, vmid } = source
  const values = { component, site, host: source.host.ssh, vmid, lock }
  throw new Failure(
    { key: 'proxmox-vm.shutdown.locked', values },
    { remedy: { key: 'proxmox-vm.shutdown.locked.remedy', values } },
  )
}

/** What a migration or a backup that was cut off leaves there. One that still runs is let to its end first. */
async function liftLock(io: ChangeIo, source: MachineSide): Promise<void> {
  if ((await readPve(source, io).status()).lock === undefined) return
  await awaitTasks(io, source)
  if ((await readPve(source, io).status()).lock !== undefined)
    await io.change(source.host.ssh, unlock(source.vmid))
}

const noteFile = ({ staging }: MachineSide): string => `${staging}/before-shutdown.json`

/** What the source's machine was set to before it was retired, so that it can be put back. */
const before = z.object({ onboot: z.string(), description: z.string() })
type Before = z.infer<typeof before>

const beforeRetired = (io: ReadIo, at: MachineSide): Promise<Before | undefined> =>
  readNote(io, at, noteFile(at), before)

/**
 * The machine does not start by itself any more; its description states it. What it was set to is noted first, once:
 * an attempt that comes after a crash must not note its own change.
 */
async function retire(io: ChangeIo, at: MachineSide, why: string): Promise<Before> {
  const known = await beforeRetired(io, at)
  const config = await readPve(at, io).config()
  const was = known ?? { onboot: config.onboot ?? '0', description: config.description ?? '' }
  if (known === undefined) {
    await io.change(at.host.ssh, privateFolder(at.staging))
    await io.writeFile(at.host.ssh, noteFile(at), `${JSON.stringify(was)}\n`, { mode: '0600' })
  }
  const description = `${why}\n\n${was.description}`
  await changePve(at, io).configure({ onboot: 0, description })
  return was
}

/** As it was before. Nothing where nothing was noted. */
async function reinstate(io: ChangeIo, at: MachineSide): Promise<void> {
  const was = await beforeRetired(io, at)
  if (was === undefined) return
  const empty = was.description === ''
  await changePve(at, io).configure(
    { onboot: Number(was.onboot), ...(empty ? {} : { description: was.description }) },
    empty ? { remove: ['description'] } : {},
  )
  await io.change(at.host.ssh, ['rm', '-f', '--', noteFile(at)])
}
