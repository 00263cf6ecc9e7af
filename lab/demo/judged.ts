import { exitCodes } from '../../src/model/failure.ts'
import { namesAreRight } from './names-stand.ts'
import type { TrainerVerdict } from './trainers.ts'
import type { DemoVerdict } from './verdict.ts'

/**
 * What must be so whatever the night's own outcome: no write lost or doubled, no session lost, all served, names right, trainers
 * at their dashboard through the tunnel and in no other way, nobody at a dead address.
 */
export type Judged = Pick<
  DemoVerdict,
  'outcome' | 'cut' | 'ledger' | 'journal' | 'dns' | 'vpn' | 'stubborn' | 'forwarder'
> & {
  sessionsLost: number
}

/** What is not as it must be; empty when all is. `excuses`: what the fault itself makes so, and nobody could have kept. */
export function wrongIn(verdict: Judged, excuses: readonly string[] = []): string[] {
  const { outcome, cut, ledger, journal, dns, vpn, stubborn, forwarder, sessionsLost } = verdict
  const unserved = Object.entries(cut).filter(([, service]) => !service.servedAtEnd)
  const found: Record<string, boolean> = {
    lost: ledger.lost > ledger.lostAsTold,
    duplicated: ledger.duplicated > 0,
    sessions: sessionsLost > 0,
    journal: !journal.verified,
    served: unserved.length > 0 || Object.keys(cut).length === 0,
    dns: !namesAreRight(outcome, dns),
    vpn: !vpn.trainers.every(isContent),
    stubborn: stubborn.failedAfterReopening > 0,
    // who asks a stubborn resolver is late by all means
    forwarder: outcome === 'moved' && stubborn.requests > 0 && forwarder.clients === 0,
  }
  return Object.keys(found).filter(name => found[name] && !excuses.includes(name))
}

const isContent = ({ before, rehearsal, after, withoutTunnel }: TrainerVerdict): boolean =>
  withoutTunnel === 0 &&
  [before, rehearsal, after].every(looks => looks === null || (looks.reached > 0 && looks.failed === 0))

/** The night's own exit code when nothing is wrong, else failure. */
export const judged = (wrong: readonly string[], nightExitCode: number): number =>
  wrong.length === 0 ? nightExitCode : exitCodes.failure
