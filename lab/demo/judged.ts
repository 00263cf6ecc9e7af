import { exitCodes } from '../../src/model/failure.ts'
import { namesAreRight } from './names-stand.ts'
import type { DemoVerdict } from './verdict.ts'

/** What must be so whatever the night's own outcome: no write lost or doubled, no session lost, all served, names right. */
export type Judged = Pick<DemoVerdict, 'outcome' | 'cut' | 'ledger' | 'journal' | 'dns'> & {
  sessionsLost: number
}

/** What is not as it must be; empty when all is. */
export function wrongIn({ outcome, cut, ledger, journal, dns, sessionsLost }: Judged): string[] {
  const unserved = Object.entries(cut).filter(([, service]) => !service.servedAtEnd)
  const found: Record<string, boolean> = {
    lost: ledger.lost > 0,
    duplicated: ledger.duplicated > 0,
    sessions: sessionsLost > 0,
    journal: !journal.verified,
    served: unserved.length > 0 || Object.keys(cut).length === 0,
    dns: !namesAreRight(outcome, dns),
  }
  return Object.keys(found).filter(name => found[name])
}

/** The night's own exit code when all is as it must be, else failure. */
export const judged = (verdict: Judged, nightExitCode: number): number =>
  wrongIn(verdict).length === 0 ? nightExitCode : exitCodes.failure
