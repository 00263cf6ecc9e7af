import { Failure } from '../../../model/failure.ts'
import type { ChangeIo, ReadIo } from '../../../model/io.ts'
import type { Text } from '../../../model/text.ts'
import { typed } from '../../kit/by-hand.ts'
import { shortDeadlineSeconds } from '../../kit/timings.ts'
import { admit, dismiss, grantReplication, isGranted, revokeReplication } from '../access.ts'
import { asPostgres, byHandAt, dataDirectoryByHand, psql } from '../by-hand.ts'
import { flushedPosition, pathExists, stateOf } from '../cluster.ts'
import { copyByHand, move, reloadCluster, removeFile, startCluster, stopCluster } from '../commands.ts'
import { isSynchronous } from '../commits.ts'
import { proofKey } from '../compare/proof.ts'
import { sharedSettings } from '../copy.ts'
import { postgres } from '../define.ts'
import { removeSaved } from '../saved.ts'
import { keepServing } from '../serving.ts'
import { network } from '../settings.ts'
import { fencingPath, passfilePath, type Side, type Sides, sidesOf, slotOf } from '../sides.ts'
import { identifier, literal } from '../sql.ts'
import {
  dropSlot,
  ensureSlot,
  isStreaming,
  slotAt,
  waitForReplay,
  waitForStreaming,
  writeStandbySettings,
} from '../standby.ts'
import { waitUntil } from '../wait-until.ts'
import { releaseCommits } from './release-commits.ts'

/**
 * Nobody copies from the target any more: role, notes, slot, lines of pg_hba.conf, passfile and connection go. It is what serves, and
 * needs no help of an old source that may be gone.
 */
export const retire = postgres.action({
  name: 'retire',
  touches: ['target'],
  plan: about => ({
    title: {
      key: 'postgres.retire.title',
      values: { component: about.component.id, role: about.spec.replication.user },
    },
    stage: 'close',
    // commits that still wait for the standby would wait for ever
    ...(isSynchronous(about.spec) && { after: [releaseCommits] }),
    expectedSeconds: 3,
    deadlineSeconds: 120,
    attempts: 3,
    backoffSeconds: 5,
    trigger: 'failure',
    undo: {
      possible: true,
      expectedSeconds: 3,
      deadlineSeconds: shortDeadlineSeconds + followSeconds,
      byHand: { key: 'postgres.retire.byHand', values: returnByHand(sidesOf(about)) },
    },
  }),

  /** The passfile goes last. */
  async isDone(about, io) {
    const { target } = sidesOf(about)
    return !(await pathExists(target, passfilePath(target), io)) && !(await isGranted(target, io))
  },

  async apply(about, io) {
    const { source, target, spec } = sidesOf(about)
    const at = io.at('target')
    await requirePrimary(target, io)
    const follows = await isStreaming(source, target, io)
    await revokeReplication(target, spec.replication.user, at)
    // that the role is gone comes to the old source by the replication that ends now; `retire-source` sees whether it did
    if (follows) await unlessAborted(waitForReplay(source, await flushedPosition(target, io), io, 30), io)
    await keepServing(target, at)
    await endSlot(target, slotOf(source), at)
    await at.change(target.host, removeFile(fencingPath(target)))
    await dismiss(target, at)
    return undefined
  },

  /** The old source connects again by itself, if the target still has the log that it lacks. */
  async undo(about, io) {
    const sides = sidesOf(about)
    const { source, target, spec } = sides
    const at = io.at('target')
    await requirePrimary(target, io)
    await grantReplication(target, spec.replication, at)
    // does not hold for a standby that may be copied anew
    await removeSaved(target, proofKey, at)
    await writeStandbySettings(target, source, await sharedSettings(target, io), at)
    await ensureSlot(target, slotOf(source), at)
    await admit(target, sides, at)
    const streams = waitForStreaming(source, target, io, followSeconds).then(() => true)
    return (await unlessAborted(streams, io)) ? [] : [cannotFollow(sides)]
  },
})

/** A standby asks again every quarter of a second; it may have some log to replay before. */
const followSeconds = 30

async function requirePrimary(target: Side, io: ReadIo): Promise<void> {
  if ((await stateOf(target, io)) === 'primary') return
  throw new Failure({ key: 'postgres.returnPath.noPrimary', values: { host: target.host } })
}

const cannotFollow = ({ source, target }: Sides): Text => ({
  key: 'postgres.retire.cannotFollow',
  values: { source: source.host, target: target.host },
})

/** Undefined when it fails. */
async function unlessAborted<T>(work: Promise<T>, io: ReadIo): Promise<T | undefined> {
  return work.catch(error => {
    if (io.signal.aborted) throw error
    return undefined
  })
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
