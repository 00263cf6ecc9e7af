import { orderText } from '../views/orders.ts'
import type { Proposal } from '../views/waiting.ts'

/** A proposal as it is typed, e.g. `bascule go --gate reopen --as dba`, `bascule retry files.delta --reason "…"`. */
export function typedLine(prefix: string, proposal: Proposal): string {
  if (proposal.do === 'carry-out') return `${prefix} resume`
  if (proposal.do === 'watch') return `${prefix} watch --every 60`
  const wantsReason = 'reason' in proposal && proposal.reason === ''
  const signs = proposal.do === 'go-on' && proposal.without.and === '' ? ' --isolated "…" --and "…"' : ''
  return `${prefix} ${orderText(proposal)}${signs}${wantsReason ? ' --reason "…"' : ''}`
}
