import { Failure } from '../../../model/failure.ts'
import type { ChangeIo, ReadIo } from '../../../model/io.ts'
import { typed } from '../../kit/by-hand.ts'
import {
  admit,
  boundSlots,
  dismiss,
  grantReplication,
  isGranted,
  mayCopy,
  revokeReplication,
} from '../access.ts'
import { asPostgres, byHandAt, dataDirectoryByHand, psql } from '../by-hand.ts'
import { flushedPosition, pathExists, stateOf } from '../cluster.ts'
import {
  copyByHand,
  move,
  readText,
  reloadCluster,
  removeFile,
  startCluster,
  stopCluster,
} from '../commands.ts'
import { proofKey } from '../compare/proof.ts'
import { sharedSettings } from '../copy.ts'
import { postgres } from '../define.ts'
import { restore } from '../restore-return-path.ts'
import { removeSaved } from '../saved.ts'
import { network, settingIn, settingsFile, settingsOfBoth } from '../settings.ts'
import {
  fencingPath,
  passfilePath,
  proofSlotOf,
  type Side,
  type Sides,
  settingsPath,
  sidesOf,
  slotOf,
} from '../sides.ts'
import { identifier, literal } from '../sql.ts'
import { dropSlot, ensureSlot, isStreaming, slotAt, waitForReplay, writeStandbySettings } from '../standby.ts'
import { waitUntil } from '../wait-until.ts'
import { copyDeadlineSeconds } from './seed.ts'

/**
 * Nobody copies any more: role, notes, slots, lines of pg_hba.conf, passfiles and connections go, at both sites. The old source stays
 * a standby, read only, with the data of this moment. What comes last at either host is its passfile.
 */
export const retire = postgres.action({
  name: 'retire',
  touches: ['source', 'target'],
  plan: about => ({
    title: {
      key: 'postgres.retire.title',
      values: { component: about.component.id, role: about.spec.replication.user },
    },
    stage: 'close',
    expectedSeconds: 3,
    deadlineSeconds: 180,
    attempts: 3,
    backoffSeconds: 5,
    trigger: 'failure',
    undo: {
      possible: true,
      expectedSeconds: 10,
      // an old source whose log is gone is copied anew
      deadlineSeconds: copyDeadlineSeconds(about),
      byHand: { key: 'postgres.retire.byHand', values: returnByHand(sidesOf(about)) },
    },
  }),

  async isDone(about, io) {
    const { source, target, spec } = sidesOf(about)
    const isThere = (side: Side) => pathExists(side, passfilePath(side), io)
    if ((await isThere(target)) || (await isGranted(target, io))) return false
    if (about.without === 'source') return true
    return !(await isThere(source)) && !(await hasRoleLeft(source, spec.replication.user, io))
  },

  /** The target first: it is what serves, and needs no help of a source that may be gone. */
  async apply(about, io) {
    const sides = sidesOf(about)
    await requirePrimary(sides.target, io)
    await retireTarget(sides, io.at('source', 'target'))
    if (about.without !== 'source') await retireSource(sides, io.at('source'))
    return undefined
  },

  async undo(about, io) {
    const sides = sidesOf(about)
    const { source, target, spec } = sides
    const both = io.at('source', 'target')
    await requirePrimary(target, io)
    await grantReplication(target, spec.replication, both)
    // does not hold for a standby that may be copied anew
    await removeSaved(target, proofKey, both)
    const shared = await sharedSettings(target, io)
    await writeStandbySettings(target, source, shared, both)
    await writeStandbySettings(source, target, shared, both)
    await ensureSlot(target, slotOf(source), both)
    for (const side of [target, source]) await admit(side, sides, both)
    await restore(sides, both)
    await boundSlots(source, spec.replication.maxSlotWalKeepGB, both)
  },
})

async function requirePrimary(target: Side, io: ReadIo): Promise<void> {
  if ((await stateOf(target, io)) === 'primary') return
  throw new Failure({ key: 'postgres.returnPath.noPrimary', values: { host: target.host } })
}

async function retireTarget({ source, target, spec }: Sides, io: ChangeIo): Promise<void> {
  const follows = await isStreaming(source, target, io)
  await revokeReplication(target, spec.replication.user, io, follows ? source : undefined)
  // that the role is gone comes to the old source by the replication that ends now
  if (follows) await unlessAborted(waitForReplay(source, await flushedPosition(target, io), io, 30), io)
  await keepServing(target, io)
  await io.change(target.host, removeFile(fencingPath(target)))
  await dismiss(target, io)
  await endSlot(target, slotOf(source), io)
}

async function retireSource({ source, target, spec }: Sides, io: ChangeIo): Promise<void> {
  const role = spec.replication.user
  await keepServing(source, io)
  await io.change(source.host, removeFile(fencingPath(source)))
  await dismiss(source, io)
  if ((await stateOf(source, io)) === 'standby')
    for (const name of [slotOf(target), proofSlotOf(spec)]) await dropSlot(source, name, io)
  if (await hasRoleLeft(source, role, io)) throw roleLeft(source, role)
}

/** Of a standby that received no more: only a primary can drop a role. Stopped, nobody logs in. */
async function hasRoleLeft(source: Side, role: string, io: ReadIo): Promise<boolean> {
  return (await stateOf(source, io)) === 'standby' && (await mayCopy(source, role, io))
}

function roleLeft(source: Side, role: string): Failure {
  const values = { host: source.host, role, stop: typed(stopCluster(source, 'fast')) }
  return new Failure(
    { key: 'postgres.retire.roleLeft', values },
    { remedy: { key: 'postgres.retire.roleLeft.remedy', values } },
  )
}

/** What is still waited for may fail: then the old source says what it lacks. */
async function unlessAborted(work: Promise<unknown>, io: ReadIo): Promise<void> {
  await work.catch(error => {
    if (io.signal.aborted) throw error
  })
}

/** Of Bascule's file the limits that the servers run with stay; whom to follow, and how, goes. */
async function keepServing(side: Side, io: ChangeIo): Promise<void> {
  const options = { asUser: 'postgres', allowFailure: true }
  const { stdout, exitCode } = await io.read(side.host, readText(settingsPath(side)), options)
  if (exitCode !== 0) return
  const kept = [...settingsOfBoth, 'wal_level'].flatMap(name => {
    const value = settingIn(stdout, name)
    return value === undefined ? [] : [[name, value] as const]
  })
  const text = settingsFile(side.owner, Object.fromEntries(kept))
  await io.writeFile(side.host, settingsPath(side), text, { mode: '0640', owner: 'postgres:postgres' })
}

/** Only a rollback of the night needs it: the old source made a standby again, by a copy. */
function returnByHand({ source, target, spec }: Sides) {
  const role = identifier(spec.replication.user)
  const dataDirectory = dataDirectoryByHand(source)
  const rule = ['hostssl', 'replication', spec.replication.user, network(source.address), 'scram-sha-256']
  const { commands: copy } = byHandAt(
    source,
    stopCluster(source, 'fast'),
    move(dataDirectory, `${dataDirectory}.closed`),
    asPostgres(copyByHand({ primary: target, standby: source, dataDirectory })),
    startCluster(source),
  )
  return {
    ...{ source: source.host, target: target.host, copy, rule: rule.join(' ') },
    role: typed(psql(target, `create role ${role} login replication`, `\\password ${role}`)),
    reload: typed(reloadCluster(target)),
  }
}

/** Who still reads from it is cut off, and is not let in again. */
async function endSlot(primary: Side, name: string, io: ChangeIo): Promise<void> {
  await waitUntil(
    io,
    async () => {
      await io.execute(
        primary.sql,
        `select pg_terminate_backend(active_pid) from pg_replication_slots where slot_name = ${literal(name)}`,
      )
      await dropSlot(primary, name, io)
      return (await slotAt(primary, name, io)) === undefined ? true : undefined
    },
    {
      seconds: 30,
      otherwise: () => ({ key: 'postgres.retire.slotInUse', values: { host: primary.host, slot: name } }),
    },
  )
}
