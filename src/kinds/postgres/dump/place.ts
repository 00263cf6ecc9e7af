import { dirname } from 'node:path'
import type { ReadIo } from '../../../model/io.ts'
import { typed } from '../../kit/by-hand.ts'
import { dataDirectoryByHand } from '../by-hand.ts'
import { dataDirectoryOf } from '../cluster.ts'
import { removeTree } from '../commands.ts'
import { databasesOf } from '../compare/relations.ts'
import type { Side, Sides } from '../sides.ts'
import type { DumpSpec } from '../spec-dump.ts'

export type DumpSide = Side<DumpSpec>
export type DumpSides = Sides<DumpSpec>

/** Beside the data directory, on the disk that has to have the room. What is in it is not encrypted, as the data beside it. */
const folderIn = (target: DumpSide, dataDirectory: string): string =>
  `${dirname(dataDirectory)}/.bascule-dump-${target.clusterName}`

export const workFolder = async (target: DumpSide, io: ReadIo): Promise<string> =>
  folderIn(target, await dataDirectoryOf(target, io))

export const dumpFolder = (work: string): string => `${work}/dump`

export const removeByHand = (target: DumpSide) => ({
  host: target.host,
  commands: typed(removeTree(folderIn(target, dataDirectoryByHand(target)))),
})

/** Each server has a database of this name, in which Bascule has its notes: it is not moved. */
export const ownDatabase = 'postgres'

/** Every other database that one can connect to. */
export const movedDatabases = async (source: DumpSide, io: ReadIo): Promise<string[]> =>
  (await databasesOf(source, io)).map(({ name }) => name).filter(name => name !== ownDatabase)
