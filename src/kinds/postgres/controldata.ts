import { Failure } from '../../model/failure.ts'
import type { Lsn } from './lsn.ts'

/** The part of pg_controldata's output that says in which state a stopped cluster was left. */
export type ControlData = {
  /** `shut down`, `shut down in recovery`, `in production`, `in archive recovery`… */
  state: string
  systemIdentifier: string
  /** The newest it has any page of: a promotion given up half-way leaves one that its checkpoint does not know. */
  timeline: number
  /** Where the latest checkpoint's record begins: after a clean stop, the last record of all. */
  checkpoint: Lsn
}

/** Output in the C locale. Throws Failure when a line is missing (another program's output, a broken file). */
export function parseControlData(output: string): ControlData {
  const field = (name: string): string => {
    const line = output.split('\n').find(candidate => candidate.startsWith(`${name}:`))
    if (line === undefined)
      throw new Failure({ key: 'postgres.controldata.missing', values: { field: name } })
    return line.slice(name.length + 1).trim()
  }
  return {
    state: field('Database cluster state'),
    systemIdentifier: field('Database system identifier'),
    timeline: Math.max(
      Number(field("Latest checkpoint's TimeLineID")),
      Number(field("Min recovery ending loc's timeline")),
    ),
    checkpoint: field('Latest checkpoint location'),
  }
}
