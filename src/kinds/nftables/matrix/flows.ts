import type { ReadIo } from '../../../model/io.ts'
import type { Firewall } from '../sides.ts'
import { type Judged, judge } from './judge.ts'
import { type Matrix, measureMatrix } from './measure.ts'
import { absentHosts } from './presence.ts'

export type Looked = Judged & Pick<Matrix, 'unasked'>

/** Looks from every zone of both sites and compares with the declaration, and the sites with each other. */
export async function measureFlows(firewall: Firewall, io: ReadIo): Promise<Looked> {
  const matrix = await measureMatrix(firewall, io)
  const absent = await absentHosts(matrix, firewall, io)
  return { ...judge(matrix, address => absent.has(address)), unasked: matrix.unasked }
}

/** The first of many, in one line. */
export const firstOf = (items: readonly string[], most = 5): string =>
  items.length <= most ? items.join('; ') : `${items.slice(0, most).join('; ')}; … (${items.length})`
