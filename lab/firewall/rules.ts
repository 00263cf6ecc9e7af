/** Where a rule stands, as nft is told it: `inet filter input`. */
export type PlacedRule = { chain: string; handle: number; text: string }

const tableLine = /^table (?<table>\S+ \S+) \{/
const chainLine = /^\s+chain (?<chain>\S+) \{/
const ruleLine = /^\s+(?<text>\S.*\S) # handle (?<handle>\d+)$/

/** The rules in what `nft --handle list ruleset` shows. */
export function rulesIn(listing: string): PlacedRule[] {
  let table = ''
  let chain = ''
  return listing.split('\n').flatMap(line => {
    table = tableLine.exec(line)?.groups?.table ?? table
    const opened = chainLine.exec(line)?.groups?.chain
    if (opened !== undefined) chain = opened
    const rule = ruleLine.exec(line)?.groups
    // A table's, a chain's or a set's own line has a handle too.
    if (!rule?.text || rule.text.endsWith('{')) return []
    return [{ chain: `${table} ${chain}`, handle: Number(rule.handle), text: rule.text }]
  })
}

/** The chain that decides what a gateway passes on: the one of hook `forward` that drops what no rule lets through. */
export function forwardChain(listing: string): string | undefined {
  let table = ''
  let chain = ''
  for (const line of listing.split('\n')) {
    table = tableLine.exec(line)?.groups?.table ?? table
    chain = chainLine.exec(line)?.groups?.chain ?? chain
    if (/type filter hook forward .*policy drop;/.test(line)) return `${table} ${chain}`
  }
  return undefined
}
