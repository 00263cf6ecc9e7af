import { z } from 'zod'
import type { Json, JsonObject } from '../../../../model/json.ts'
import type { QmpCommand } from '../../machine/qmp.ts'
import { copyNodeName, jobName, ours } from './names.ts'

const job = z.object({
  id: z.string(),
  status: z.string(),
  'current-progress': z.number(),
  'total-progress': z.number(),
  error: z.string().optional(),
})
export type Job = { id: string; ended: boolean; doneBytes: number; totalBytes: number; error?: string }

export const queryJobs: QmpCommand = { execute: 'query-jobs' }

/** Of the answer to `queryJobs`, the jobs that are ours. */
export const parseJobs = (answer: Json): Job[] =>
  z
    .array(job)
    .parse(answer)
    .filter(({ id }) => id.startsWith(ours))
    .map(one => ({
      id: one.id,
      ended: one.status === 'concluded',
      doneBytes: one['current-progress'],
      totalBytes: one['total-progress'],
      ...(one.error !== undefined && { error: one.error }),
    }))

export type Copied = { slot: string; node: string; into: string }

/** Opens the images into which the copies go. */
export const openCopies = (copies: readonly Copied[]): QmpCommand[] =>
  copies.map(({ slot, into }) => ({
    execute: 'blockdev-add',
    arguments: {
      driver: 'qcow2',
      'node-name': copyNodeName(slot),
      discard: 'unmap',
      file: { driver: 'file', filename: into },
    },
  }))
export const closeCopies = (names: readonly string[]): QmpCommand[] =>
  names.map(name => ({ execute: 'blockdev-del', arguments: { 'node-name': name } }))

/** A finished job stays until it is dismissed: after a crash its result can still be read. */
const backup = ({ slot, node }: Copied, how: JsonObject) => ({
  type: 'blockdev-backup',
  data: {
    'job-id': jobName(slot),
    device: node,
    target: copyNodeName(slot),
    'auto-dismiss': false,
    ...how,
  },
})
const record = (node: string, name: string) => ({
  type: 'block-dirty-bitmap-add',
  data: { node, name, persistent: true },
})

/** In one instant for all disks: writes are recorded from here on, and everything as it is now is copied. */
export const copyAll = (copies: readonly Copied[], record_: string): QmpCommand => ({
  execute: 'transaction',
  arguments: {
    actions: copies.flatMap(copy => [record(copy.node, record_), backup(copy, { sync: 'full' })]),
  },
})

/**
 * In one instant for all disks: writes are recorded anew from here on, and what was recorded since `since` is copied as
 * it is now. That record is not cleared (`never`): it goes on until the copy is known to have arrived.
 */
export const copyChanged = (
  copies: readonly Copied[],
  since: string,
  record_: string | undefined,
): QmpCommand => ({
  execute: 'transaction',
  arguments: {
    actions: copies.flatMap(copy => [
      ...(record_ === undefined ? [] : [record(copy.node, record_)]),
      backup(copy, { sync: 'bitmap', bitmap: since, 'bitmap-mode': 'never' }),
    ]),
  },
})

export const cancelJobs = (jobs: readonly Job[]): QmpCommand[] =>
  jobs.filter(({ ended }) => !ended).map(({ id }) => ({ execute: 'job-cancel', arguments: { id } }))
export const dismissJobs = (jobs: readonly Job[]): QmpCommand[] =>
  jobs.filter(({ ended }) => ended).map(({ id }) => ({ execute: 'job-dismiss', arguments: { id } }))
