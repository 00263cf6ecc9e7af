import type { Outcome } from '../users/ledger.ts'

/** What a trainer tries without his tunnel: each must fail. */
export type Door = {
  /** `public`: the gateway as the Internet knows it. `gateway`, `dashboard`: addresses of the LAN, sent past the tunnel. */
  door: 'public' | 'gateway' | 'dashboard'
  site: string
  address: string
  port: number
}

type Asked = {
  /** When it ended; both are ISO strings of the trainer's clock. */
  at: string
  startedAt: string
  milliseconds: number
  outcome: Outcome
  status?: number
}

export type TrainerEntry =
  | { kind: 'started'; at: string; trainer: string }
  /** Through the tunnel. `site` is what X-Site said, `address` what the internal view. */
  | ({ kind: 'through'; address?: string; site?: string } & Asked)
  /** Without it. `leaked`: the dashboard itself answered. */
  | ({ kind: 'without'; leaked: boolean } & Door & Asked)
  | { kind: 'stopped'; at: string }
