/** One admission: who may connect from where. TLS and SCRAM always. */
export type HbaRule = { database: string; user: string; address: string }

const begin = (owner: string): string => `# >>> bascule ${owner}`
const end = (owner: string): string => `# <<< bascule ${owner}`

/** The file with our rules, between marks, in front: the first rule that matches wins. Ours from before are replaced. */
export function withRules(file: string, owner: string, rules: readonly HbaRule[]): string {
  const lines = rules.map(({ database, user, address }) =>
    ['hostssl', database, user, network(address), 'scram-sha-256'].join('\t'),
  )
  return [begin(owner), ...lines, end(owner), withoutRules(file, owner)].join('\n')
}

/** The file as it was before `withRules`, byte for byte. */
export function withoutRules(file: string, owner: string): string {
  const lines = file.split('\n')
  const from = lines.indexOf(begin(owner))
  const to = lines.indexOf(end(owner), from)
  return from < 0 || to < 0 ? file : [...lines.slice(0, from), ...lines.slice(to + 1)].join('\n')
}

/** An address alone is one host; a name stays as it is. */
function network(address: string): string {
  if (address.includes('/')) return address
  if (address.includes(':')) return `${address}/128`
  return /^[\d.]+$/.test(address) ? `${address}/32` : address
}
