import { Failure } from '../../../../model/failure.ts'
import { secondsBetween } from '../../../../model/instant.ts'
import type { ChangeIo, ReadIo } from '../../../../model/io.ts'
import type { MessageKey } from '../../../../model/text.ts'
import type { Planned } from '../../../kit/kind-parts.ts'
import { changePve, type RemoteMigration } from '../../client/change.ts'
import { diskSizeBytes, disksOf } from '../../client/property-string.ts'
import { readPve } from '../../client/read.ts'
import type { AboutMachine } from '../../facts.ts'
import { awaitTasks, freeNumber, noteMaking, statusAt } from '../../machine/existing.ts'
import { sizeOf, unlock } from '../../machine/host-commands.ts'
import { cardsAt, realWiring } from '../../machine/target-config.ts'
import { readTargetVmRecord, type Transfer, writeTargetVmRecord } from '../../machine/target-vm-record.ts'
import { planned, said, undoable } from '../../planned-step.ts'
import type { Ends, MachineSide } from '../../sides.ts'
import type { MethodName } from '../../spec.ts'
import { imagesAt } from '../../whole-disk/disks.ts'

/** Set by PVE on the machine at the source while it is moved, and kept once its twin at the target is whole; only root may lift it. */
const migrated = 'migrate'

/** What lifting that lock takes. */
export const giveBackSeconds = 5

type PlannedMove = { title: MessageKey; byHand: MessageKey; expectedSeconds: number; undoSeconds: number }

/** A migration by PVE, that would begin again from nothing. */
export function plannedMove(about: AboutMachine, { byHand, undoSeconds, ...own }: PlannedMove): Planned {
  const { key, values } = said(about, byHand)
  const command = unlock(about.spec.vmid).join(' ')
  const undo = undoable(undoSeconds, { key, values: { ...values, command } })
  return planned(about, { ...own, stage: 'drain', attempts: 2, transfer: 'goes-on', undo })
}

export type Migration = { way: MethodName; online: boolean }

/**
 * Moves the machine by PVE's own remote_migrate. A migration that an earlier attempt began is waited for, and taken as it
 * is when it ended well.
 */
export async function migrate(io: ChangeIo, ends: Ends, { way, online }: Migration): Promise<Transfer> {
  const { source, target, spec } = ends
  const began = io.now()
  await awaitTasks(io, source)
  if (!(await hasMoved(io, ends))) {
    // Left by a node that died on the way: PVE would refuse to begin again.
    await liftLock(io, source)
    await freeNumber(io, target)
    await noteMaking(io, target, way)
    const endpoint = await endpointOf(io, target)
    await changePve(source, withoutEcho(io, endpoint)).remoteMigrate({
      endpoint,
      targetVmid: target.vmid,
      storages: spec.target.storage,
      bridges: spec.target.bridge,
      online,
      // The machine at the source is what a rollback starts.
      delete: false,
    })
    if (!(await hasMoved(io, ends))) throw notThere(ends)
  }
  await wire(io, ends)
  const { imageBytes, sentBytes } = await streamedBytes(io, ends, { online })
  const transfer = { imageBytes, sentBytes, seconds: secondsBetween(began, io.now()) }
  await writeTargetVmRecord(io, target, { way, state: 'made', transfer })
  return transfer
}

/** Whether the machine is whole at the target, and no longer the source's to run. */
export async function hasMoved(io: ReadIo, { source, target }: Ends): Promise<boolean> {
  const note = await readTargetVmRecord(io, target)
  if (note === undefined || note.state === 'home') return false
  const [here, there] = await Promise.all([statusAt(io, source), statusAt(io, target)])
  return (
    here?.status === 'stopped' && here.lock === migrated && there !== undefined && there.lock === undefined
  )
}

/** PVE maps bridges alone: tag and, where the plan wants others, addresses are set afterwards. */
async function wire(io: ChangeIo, { target, spec }: Ends): Promise<void> {
  const config = await readPve(target, io).config()
  const cards = cardsAt(config, realWiring(spec)).filter(([slot, card]) => config[slot] !== card)
  if (cards.length > 0) await changePve(target, io).configure(Object.fromEntries(cards))
}

/** Stops a migration that still runs; PVE then removes what there is of it at the target. */
export async function endMigration(io: ChangeIo, { source }: Ends): Promise<void> {
  const running = await readPve(source, io).activeTasks()
  for (const { upid, type } of running) if (type === 'qmigrate') await changePve(source, io).stopTask(upid)
  await awaitTasks(io, source)
}

/** Lifts the lock that a migration has left: the source's machine may be started again. */
export async function giveBack(io: ChangeIo, ends: Ends): Promise<void> {
  await endMigration(io, ends)
  await liftLock(io, ends.source)
}

async function liftLock(io: ChangeIo, source: MachineSide): Promise<void> {
  const status = await statusAt(io, source)
  if (status?.lock === migrated) await io.change(source.host.ssh, unlock(source.vmid))
}

const notThere = ({ source, target }: Ends): Failure => {
  const values = { component: source.component, source: source.host.ssh, target: target.host.ssh }
  return new Failure(
    { key: 'proxmox-vm.migrate.notThere', values },
    {
      remedy: {
        key: 'proxmox-vm.migrate.notThere.remedy',
        values: { ...values, vmid: source.vmid, targetVmid: target.vmid },
      },
    },
  )
}

/**
 * What PVE's streams carry, since its tasks do not tell it in all cases: off, a qcow2 image as its file is and a raw one with all its
 * zeros, neither compressed; running, the clusters in use and the memory.
 */
async function streamedBytes(
  io: ReadIo,
  { source }: Ends,
  { online }: { online: boolean },
): Promise<{ imageBytes: number; sentBytes: number }> {
  const config = await readPve(source, io).config()
  const sizes = new Map(disksOf(config).map(({ slot, options }) => [slot, diskSizeBytes(options.size)]))
  let imageBytes = 0
  for (const [slot, { path, format }] of await imagesAt(io, source)) {
    const provisioned = sizes.get(slot)
    const known = format === 'raw' && provisioned !== undefined
    imageBytes += known ? provisioned : Number((await io.read(source.host.ssh, sizeOf(path))).stdout)
  }
  const memoryBytes = online ? Number(config.memory ?? 512) * 1024 ** 2 : 0
  return { imageBytes, sentBytes: imageBytes + memoryBytes }
}

/**
 * Where the source's node finds the target's API, and with which token. It holds the token's secret: it goes into the body of one
 * request, and nothing of it is ever kept, told or thrown. `io.secret` has told the redactor of it by then.
 */
async function endpointOf(io: ReadIo, { api }: MachineSide): Promise<RemoteMigration['endpoint']> {
  const { hostname, port } = new URL(api.url)
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port || 443),
    token: api.token,
    secret: await io.secret(api.secret),
    fingerprint: api.fingerprint,
  }
}

const mask = '[…]'

/**
 * A door through which the secret goes out and never comes back: a server that repeats what it was asked, in a refusal or in a
 * task's log, would else have it told and kept as its own words.
 */
function withoutEcho(io: ChangeIo, { secret }: RemoteMigration['endpoint']): ChangeIo {
  const forms = [...new Set([secret, encodeURIComponent(secret)])]
  const clean = (text: string): string => forms.reduce((left, form) => left.replaceAll(form, mask), text)
  return {
    ...io,
    async http(request) {
      const { reason, body, ...answer } = await io.http(request)
      const cleaned = new TextEncoder().encode(clean(new TextDecoder().decode(body)))
      return { ...answer, body: cleaned, ...(reason !== undefined && { reason: clean(reason) }) }
    },
  }
}
