import { Failure } from '../../../model/failure.ts'
import type { ReadIo } from '../../../model/io.ts'
import type { Action, StepContext } from '../../../model/kind.ts'
import { claim } from '../claim.ts'
import { controlOf, dataDirectoryOf, pathExists, stateOf } from '../cluster.ts'
import { copyFrom, putBack } from '../copy.ts'
import { rejoin } from '../rejoin.ts'
import { asidePath, copyingMark, type Side, sidesOf, slotOf } from '../sides.ts'
import { ensureSlot } from '../slots.ts'
import { queryText } from '../sql.ts'
import { isStreaming, waitForStreaming } from '../standby.ts'
import { userDatabases } from '../user-data.ts'

/**
 * The target becomes a standby of the source. pg_basebackup cannot resume: a copy cut short is made again from the
 * start; a whole copy that only went its own way (rehearsal, rollback) is rewound instead.
 */
export const seed: Action = {
  async isDone(context, io) {
    const { source, target } = sidesOf(context)
    return (await isWholeCopy(target, source, io)) && (await isStreaming(target, source, io))
  },

  async apply(context, io) {
    const { source, target } = sidesOf(context)
    await claim(context.fencingNumber, io, source, target)
    if ((await stateOf(source, io)) !== 'primary') {
      throw new Failure({ key: 'postgres.seed.sourceNotPrimary', values: { host: source.host } })
    }
    await ensureSlot(source, slotOf(target), io)
    const startedAt = Date.parse(io.now())
    const how = await bring(context, io)
    return { how, seconds: (Date.parse(io.now()) - startedAt) / 1000 }
  },

  async undo(context, io) {
    const { target } = sidesOf(context)
    await claim(context.fencingNumber, io, target)
    await putBack(target, io)
  },
}

async function bring(context: StepContext, io: Parameters<Action['apply']>[1]) {
  const { source, target } = sidesOf(context)
  if (await isWholeCopy(target, source, io)) {
    if (await isStreaming(target, source, io)) return 'already there'
    const state = await stateOf(target, io)
    if (state === 'standby' && (await comesBack(target, source, io))) return 'already there'
    try {
      return await rejoin(target, source, io)
    } catch (error) {
      if (io.signal.aborted) throw error
      // Too much log is gone for a rewind: only a new copy helps.
    }
  } else {
    await refuseForeignData(target, io)
  }
  await copyFrom(source, target, io)
  await waitForStreaming(target, source, io)
  return 'copied'
}

/** A standby that was cut off for a moment connects again by itself. */
async function comesBack(target: Side, source: Side, io: ReadIo): Promise<boolean> {
  return waitForStreaming(target, source, io, 8).then(
    () => true,
    error => {
      if (io.signal.aborted) throw error
      return false
    },
  )
}

/** Made by us from this very source, and no copy in the making. */
async function isWholeCopy(target: Side, source: Side, io: ReadIo): Promise<boolean> {
  const dataDirectory = await dataDirectoryOf(target, io)
  if (await pathExists(target, copyingMark(dataDirectory), io)) return false
  if (!(await pathExists(target, `${dataDirectory}/global/pg_control`, io))) return false
  const identifier = await queryText(
    io,
    source.sql,
    'select system_identifier::text from pg_control_system()',
  )
  return (await controlOf(target, io)).systemIdentifier === identifier
}

/** The audit asked long ago: asked again right before anything is moved. */
async function refuseForeignData(target: Side, io: ReadIo): Promise<void> {
  const dataDirectory = await dataDirectoryOf(target, io)
  if (await pathExists(target, asidePath(dataDirectory), io)) return
  const databases = await userDatabases(target, io)
  if (databases.length === 0) return
  throw new Failure(
    { key: 'postgres.seed.foreignData', values: { host: target.host, databases: databases.join(', ') } },
    { remedy: { key: 'postgres.finding.foreignData.remedy', values: { host: target.host } } },
  )
}
