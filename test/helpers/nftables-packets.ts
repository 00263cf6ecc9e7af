/** A packet at a gateway, as a ruleset judges it. `out`: absent when it is for the gateway itself. */
export type Packet = {
  by: string
  out?: string
  from: string
  to: string
  protocol: 'tcp' | 'udp' | 'icmp'
  port: number
}

/**
 * Judges a packet as the kernel would, of the few words that our tables are written in. Read from the text alone, so that it
 * knows nothing of how the text was made. Throws on a word it does not know.
 */
export function judged(table: string, packet: Packet): 'accept' | 'drop' {
  const chains = chainsOf(table)
  return walk(chains, packet.out === undefined ? 'input' : 'forward', packet) ?? 'drop'
}

function chainsOf(table: string): Map<string, string[]> {
  const chains = new Map<string, string[]>()
  for (const [, name = '', body = ''] of table.matchAll(/^\tchain (\S+) \{\n([\s\S]*?)^\t\}$/gm))
    chains.set(
      name,
      body
        .split('\n')
        .map(line => line.trim())
        .filter(Boolean),
    )
  return chains
}

function walk(chains: Map<string, string[]>, name: string, packet: Packet): 'accept' | 'drop' | undefined {
  const rules = chains.get(name)
  if (rules === undefined) throw new Error(`no chain ${name}`)
  for (const rule of rules) {
    const verdict = apply(rule, packet)
    if (verdict === undefined) continue
    if (verdict === 'accept' || verdict === 'drop') return verdict
    // goto: what the other chain does not decide, this one does not either.
    return walk(chains, verdict, packet)
  }
  return undefined
}

/** Undefined when the rule does not fit; else its verdict, or the chain it goes to. */
function apply(rule: string, packet: Packet): string | undefined {
  // A first packet has no state yet, and none of ours is of a neighbour's discovery.
  if (/^(type filter hook|ct state vmap|icmpv6 type \{ nd-)/.test(rule)) return undefined
  let rest = rule.replace(/ comment "[^"]*"$/, '')
  for (;;) {
    const verdict = /^(accept|drop)$|^goto (\S+)$/.exec(rest)
    if (verdict) return verdict[2] ?? verdict[1]
    const match =
      /^(iifname|oifname|ip saddr|ip daddr|tcp dport|udp dport|icmp type|icmpv6 type) (\{ [^}]* \}|\S+) /.exec(
        rest,
      )
    if (!match) throw new Error(`not understood: ${rest}`)
    const [whole, word = '', set = ''] = match
    const items = set.replace(/^\{ | \}$/g, '').split(', ')
    if (!fits(word, items, packet)) return undefined
    rest = rest.slice(whole.length)
  }
}

function fits(word: string, items: string[], { by, out, from, to, protocol, port }: Packet): boolean {
  const named = (name: string | undefined) => items.includes(`"${name}"`)
  const inOne = (address: string) => items.some(network => inNetwork(address, network))
  switch (word) {
    case 'iifname':
      return named(by)
    case 'oifname':
      return named(out)
    case 'ip saddr':
      return inOne(from)
    case 'ip daddr':
      return inOne(to)
    case 'icmp type':
      return protocol === 'icmp'
    case 'icmpv6 type':
      return false
    default: {
      if (word !== `${protocol} dport`) return false
      return items.some(item => {
        const [low = 0, high = low] = item.split('-').map(Number)
        return low <= port && port <= high
      })
    }
  }
}

function inNetwork(address: string, network: string): boolean {
  const [base = '', length = '32'] = network.split('/')
  const bits = (text: string) =>
    text
      .split('.')
      .map(part => Number(part).toString(2).padStart(8, '0'))
      .join('')
      .slice(0, Number(length))
  return bits(address) === bits(base)
}
