import { Failure } from '../../../../model/failure.ts'
import type { ChangeIo, ReadIo } from '../../../../model/io.ts'
import { changePve } from '../../client/change.ts'
import { readPve } from '../../client/read.ts'
import type { Ends } from '../../machine/ends.ts'
import { awaitTasks, freeNumber, statusAt } from '../../machine/existing.ts'
import { unlock } from '../../machine/host-commands.ts'
import { cardsAt, realWiring } from '../../machine/target-config.ts'
import { readTargetVmRecord, type Transfer, writeTargetVmRecord } from '../../machine/target-vm-record.ts'
import type { MethodName } from '../../spec.ts'
import { endpointOf, withoutEcho } from './endpoint.ts'
import { streamedBytes } from './streamed.ts'

/** Set by PVE on the machine at the source once its twin at the target is whole; only root may lift it. */
const migrated = 'migrate'

export type Migration = { way: MethodName; online: boolean }

/**
 * Moves the machine by PVE's own remote_migrate. A migration that an earlier attempt began is waited for, and taken as it
 * is when it ended well.
 */
export async function migrate(io: ChangeIo, ends: Ends, { way, online }: Migration): Promise<Transfer> {
  const { source, target, spec } = ends
  const began = Date.parse(io.now())
  await awaitTasks(io, source)
  if (!(await hasMoved(io, ends))) {
    await freeNumber(io, target)
    await writeTargetVmRecord(io, target, { way, state: 'making' })
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
  const transfer = { imageBytes, sentBytes, seconds: (Date.parse(io.now()) - began) / 1000 }
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
  const status = await statusAt(io, ends.source)
  if (status?.lock === migrated) await io.change(ends.source.host.ssh, unlock(ends.source.vmid))
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
