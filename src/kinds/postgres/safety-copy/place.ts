import { dirname } from 'node:path'
import { Failure } from '../../../model/failure.ts'
import type { ReadIo } from '../../../model/io.ts'
import { typed } from '../../kit/by-hand.ts'
import { dataDirectoryByHand, psql } from '../by-hand.ts'
import { dataDirectoryOf } from '../cluster.ts'
import { removeTree } from '../commands.ts'
import { type ClusterSide, programPath, type Side } from '../sides.ts'
import type { SafetyCopy, StreamingSpec } from '../spec.ts'
import { queryText } from '../sql.ts'

/** Of a plan that asks for a copy: steps of it are planned for no other. */
export function safetyCopyOf({ safetyCopy }: StreamingSpec): SafetyCopy {
  if (safetyCopy === undefined) throw new TypeError('the plan asks for no safety copy')
  return safetyCopy
}

/** Holds the copy of this component alone, and nothing else. */
export const keptFolder = (target: Side): string =>
  `${safetyCopyOf(target.spec).folder}/bascule-${target.owner.replaceAll('/', '-')}`

/** Written last: with it, the copy is whole and was found equal. */
export const wholeCopy = (target: Side): string => `${keptFolder(target)}/copy`

export const workFolder = async (target: Side, io: ReadIo): Promise<string> =>
  workIn(target, await dataDirectoryOf(target, io))

/** What is in it is not encrypted, as the data beside it. */
const workIn = (target: Side, dataDirectory: string): string =>
  `${safetyCopyOf(target.spec).workFolder ?? dirname(dataDirectory)}/.bascule-safety-copy-${target.clusterName}`

export const programsFolder = (target: ClusterSide): string => dirname(programPath(target, 'pg_dump'))

/** The first of them; an abstract one has no folder. */
export async function socketFolder(target: ClusterSide, io: ReadIo): Promise<string> {
  const said = await queryText(io, target.sql, "select current_setting('unix_socket_directories')")
  const first = said.split(',')[0]?.trim() ?? ''
  if (first.startsWith('/')) return first
  throw new Failure({
    key: 'postgres.safety-copy.noSocket',
    values: { host: target.host, directories: said },
  })
}

/** Name by which the sessions that keep a snapshot are known at the server. */
const sessions = `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'bascule safety copy'`

export const eraseByHand = (target: Side): string => typed(removeTree(keptFolder(target)))
export const forgetByHand = (target: Side) => ({
  host: target.host,
  commands: typed(psql(target, sessions), removeTree(workIn(target, dataDirectoryByHand(target)))),
})
