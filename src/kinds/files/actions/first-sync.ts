import { Failure } from '../../../model/failure.ts'
import type { ChangeIo } from '../../../model/io.ts'
import type { JsonObject } from '../../../model/json.ts'
import type { Action, StepContext } from '../../../model/kind.ts'
import { endLeftovers } from '../../kit/rsync-leftovers.ts'
import { emptyTree } from '../commands.ts'
import { auditedMountPoint, mostDeletions, requireSender } from '../guard.ts'
import { type Places, placesOf, workFile } from '../places.ts'
import { compare, sync } from '../sync.ts'
import { targetState } from '../target-state.ts'

/** The first sync, and each time it is run again the delta since. A sync that was cut short goes on where it stopped. */
export const firstSync: Action = {
  /** Running it again is the daily delta: never assumed done. */
  isDone: async () => false,

  async apply({ component, plan, facts }: StepContext, io: ChangeIo): Promise<JsonObject> {
    const places = placesOf(component, plan)
    await requireSender(io, places.source, auditedMountPoint(facts[component.id]))
    const brought = await prepareTarget(places, io)
    await endLeftovers(io, places.target.ssh, places.target.path)
    const expected = await requireFewDeletions(places, io)
    const report = await sync(io, places, {
      delete: {},
      limitMbps: places.spec.bandwidthLimitMbps,
      bytesTotal: expected,
    })
    const { entries, totalBytes, sentFiles, sentBytes, keptBytes, deleted } = report
    return { entries, totalBytes, sentFiles, sentBytes, keptBytes, deleted, brought }
  },

  /** Erases the copy: a move that is given up leaves no personal data behind. */
  async undo({ component, plan }: StepContext, io: ChangeIo): Promise<void> {
    const places = placesOf(component, plan)
    const note = await io.read(places.target.ssh, ['cat', workFile(places, 'brought')], {
      allowFailure: true,
    })
    if (note.exitCode !== 0) return requireNothingOfOurs(places, io)
    const { path, created }: { path?: string; created?: boolean } = JSON.parse(note.stdout)
    if (path !== places.target.path) throw keptTarget(places)
    await io.change(places.target.ssh, emptyTree(places.target.path))
    if (created) await io.change(places.target.ssh, ['rmdir', places.target.path])
    await io.change(places.target.ssh, ['rm', '-f', workFile(places, 'brought')])
  },
}

/**
 * Notes at the target, before anything is sent, that it held nothing: only then may all of it be erased later.
 * True when everything in it is what we brought.
 */
async function prepareTarget(places: Places, io: ChangeIo): Promise<boolean> {
  const { target, workDirectory } = places
  const state = await targetState(places, io)
  if (state === 'ours') return true
  if (state === 'foreign') return false
  await io.change(target.ssh, ['mkdir', '-p', '-m', '0700', workDirectory])
  const note = JSON.stringify({ path: target.path, created: state === 'missing', at: io.now() })
  await io.writeFile(target.ssh, workFile(places, 'brought'), `${note}\n`, { mode: '0600' })
  await io.change(target.ssh, ['mkdir', '-p', target.path])
  return true
}

/** Asks rsync first what it would delete: a check afterwards would come too late. Returns the bytes it will send. */
async function requireFewDeletions(places: Places, io: ChangeIo): Promise<number> {
  const expected = await compare(io, places, { delete: {} })
  const most = mostDeletions(places, expected.entries)
  if (expected.deleted <= most) return expected.sentBytes
  const { source, target, spec } = places
  throw new Failure(
    {
      key: 'files.guard.deletions',
      values: {
        count: expected.deleted,
        most,
        percent: spec.maxDeletePercent,
        target: target.ssh,
        path: target.path,
      },
    },
    { remedy: { key: 'files.guard.deletions.remedy', values: { source: source.ssh, path: source.path } } },
  )
}

async function requireNothingOfOurs(places: Places, io: ChangeIo): Promise<void> {
  if ((await targetState(places, io)) === 'foreign') throw keptTarget(places)
}

const keptTarget = ({ target }: Places): Failure =>
  new Failure(
    { key: 'files.first-sync.kept', values: { host: target.ssh, path: target.path } },
    { remedy: { key: 'files.first-sync.kept.remedy', values: { host: target.ssh, path: target.path } } },
  )
