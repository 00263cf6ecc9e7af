import { orderText } from '../views/orders.ts'
import type { Proposal } from '../views/waiting.ts'

/** A proposal as it is typed, e.g. `bascule go --gate reopen --as dba`, `bascule retry files.delta --reason "…"`. */
export function typedLine(prefix: string, proposal: Proposal): string {
  if (proposal.do === 'carry-out') return `${prefix} resume`
  if (proposal.do === 'watch') return `${prefix} watch --every 60`
  const wantsReason = 'reason' in proposal && proposal.reason === ''
  return `${prefix} ${orderText(proposal)}${signs(proposal)}${wantsReason ? ' --reason "…"' : ''}`
}

/** What two people fill in who do without a site. */
function signs(proposal: Proposal): string {
  if (proposal.do === 'go-on' && proposal.without.and === '') return ' --isolated "…" --and-by "…"'
  return proposal.do === 'roll-back' && proposal.without?.and === '' ? ' --isolated "…" --and-by "…"' : ''
}
