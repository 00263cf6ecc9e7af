import { loadText } from './ruleset.ts'
import type { NftablesSpec } from './spec.ts'

const begin = (owner: string): string => `\n# >>> bascule ${owner}\n`
const end = (owner: string): string => `# <<< bascule ${owner}\n`

/**
 * The file that the gateway loads when it boots, with the table in it: at its end, after what is there has flushed what it
 * flushes; or, where the plan replaces the ruleset, nothing else.
 */
export function withTable(
  file: string,
  owner: string,
  table: string,
  replaces: NftablesSpec['replaces'],
): string {
  const block = `${begin(owner)}${loadText(table, replaces)}${end(owner)}`
  return replaces === 'ruleset' ? `#!/usr/sbin/nft -f\n${block}` : withoutTable(file, owner) + block
}

/** The file as it was before `withTable`, byte for byte, but for what others have changed since. */
export function withoutTable(file: string, owner: string): string {
  const from = file.indexOf(begin(owner))
  const to = file.indexOf(end(owner), from)
  return from < 0 || to < 0 ? file : file.slice(0, from) + file.slice(to + end(owner).length)
}

export const hasTable = (
  file: string,
  owner: string,
  table: string,
  replaces: NftablesSpec['replaces'],
): boolean => file.includes(`${begin(owner)}${loadText(table, replaces)}${end(owner)}`)
