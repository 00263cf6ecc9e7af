import { closeSync, openSync, readSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { administer, clusterName, clusterVersion, controlCluster } from '../database/configuration.ts'
import { execIn } from '../enter.ts'
import { treeOf } from '../paths.ts'
import type { Lab } from '../types.ts'
import { findInItem, pageBytes, parseRowPlace } from './heap.ts'

const host = 'toulouse-database'
const dataDirectory = `/var/lib/postgresql/${clusterVersion}/${clusterName}`

/** Plain names and a number: they go into SQL as they are. `column` holds text of a few letters. */
export type RowChoice = { table: string; key: number; column: string }

/**
 * Changes one letter of one row in the standby's files (R3): what a failing disk does that no replication sees. The
 * page stays valid, checksum included, so that only a comparison of the rows finds it. Only a new copy of the
 * database heals it. Throws Error when it is healed at once: the log is still to be replayed from before.
 */
export async function rowsDiffer(
  lab: Lab,
  { table, key, column }: RowChoice = { table: 'answers', key: 1, column: 'answer' },
): Promise<void> {
  const look = () =>
    execIn(lab, host, administer('techcorp'), {
      input: `SELECT ctid, pg_relation_filepath('${table}'::regclass), ${column} FROM ${table} WHERE id = ${key};\n`,
    })
  const { stdout } = await look()
  const [ctid = '', file = '', text = ''] = stdout.split('|')
  await execIn(lab, host, controlCluster('stop'))
  await checksums(lab, '--disable')
  try {
    changeLetter(join(treeOf(lab.name, host), dataDirectory, file), ctid, text)
  } finally {
    await checksums(lab, '--enable')
    await execIn(lab, host, controlCluster('start'))
  }
  if ((await look()).stdout === stdout)
    throw new Error(`${table}: the standby has healed row ${key} from its log`)
}

/** Taking the checksums off and on again writes the changed page's anew. */
async function checksums(lab: Lab, change: '--disable' | '--enable'): Promise<void> {
  const program = `/usr/lib/postgresql/${clusterVersion}/bin/pg_checksums`
  const argv = ['runuser', '-u', 'postgres', '--', program, change, '--no-sync', `--pgdata=${dataDirectory}`]
  await execIn(lab, host, argv, { timeoutSeconds: 300 })
}

function changeLetter(file: string, ctid: string, text: string): void {
  const { block, item } = parseRowPlace(ctid)
  const descriptor = openSync(file, 'r+')
  try {
    const page = Buffer.alloc(pageBytes)
    readSync(descriptor, page, 0, pageBytes, block * pageBytes)
    const place = findInItem(page, item, text)
    if (place === undefined) throw new Error(`row ${ctid} of ${file} does not hold its text as plain bytes`)
    const letter = page[place] ?? 0
    page[place] = letter === 0x78 ? 0x79 : 0x78 // x, or y where it is x already
    writeSync(descriptor, page, place, 1, block * pageBytes + place)
  } finally {
    closeSync(descriptor)
  }
}
