import { ownTable } from './render.ts'
import type { NftablesSpec } from './spec.ts'

/** A table as `nft -s list ruleset` shows it, its braces and final line break included. */
export type ListedTable = { family: string; name: string; text: string }

/** The tables of a listing, in its order. */
export function tablesOf(listing: string): ListedTable[] {
  const begins = [...listing.matchAll(/^table (\S+) (\S+) \{/gm)]
  return begins.map((match, index) => {
    const [, family = '', name = ''] = match
    const rest = listing.slice(match.index, begins[index + 1]?.index)
    return { family, name, text: rest.slice(0, rest.lastIndexOf('\n}\n') + 3) }
  })
}

export const isOwn = ({ family, name }: Pick<ListedTable, 'family' | 'name'>): boolean =>
  family === ownTable.family && name === ownTable.name

/** A chain that drops what no rule of it accepts. */
export type DroppingChain = { table: string; chain: string; hook: string }

/** Where else packets are dropped: no table can accept what another drops. */
export function droppingElsewhere(listing: string): DroppingChain[] {
  return tablesOf(listing)
    .filter(table => !isOwn(table))
    .flatMap(({ family, name, text }) =>
      [
        ...text.matchAll(
          /^\tchain (\S+) \{\n(?:\t\tcomment .*\n)?\t\ttype filter hook (input|forward) .*policy drop;/gm,
        ),
      ].map(([, chain = '', hook = '']) => ({ table: `${family} ${name}`, chain, hook })),
    )
}

const without = ({ family, name }: Pick<ListedTable, 'family' | 'name'>): string =>
  `add table ${family} ${name}\ndelete table ${family} ${name}\n`

/** What `nft -f` is given to put the declared table in force, in one transaction. */
export const loadText = (table: string, replaces: NftablesSpec['replaces']): string =>
  replaces === 'ruleset' ? `flush ruleset\n${table}` : `${without(ownTable)}${table}`

/**
 * What `nft -f` is given to bring back what a listing shows, in one transaction. Tables of others that have come since stay;
 * with `own-table` only ours was ever touched, and only ours is put back as it was.
 */
export function restoreText(listing: string, replaces: NftablesSpec['replaces']): string {
  const tables = tablesOf(listing)
  if (replaces === 'own-table')
    return (
      without(ownTable) +
      tables
        .filter(isOwn)
        .map(({ text }) => text)
        .join('')
    )
  return [ownTable, ...tables].map(without).join('') + listing
}

/** The tables of `before` that `now` does not show byte for byte, and ours where `before` has none. */
export function notRestored(before: string, now: string, replaces: NftablesSpec['replaces']): string[] {
  const touched = (table: ListedTable) => replaces === 'ruleset' || isOwn(table)
  const [wanted, found] = [tablesOf(before).filter(touched), tablesOf(now)]
  const lacking = wanted.filter(one => !found.some(other => other.text === one.text))
  const left = found.filter(table => isOwn(table) && !wanted.some(isOwn))
  return [...lacking, ...left].map(({ family, name }) => `${family} ${name}`)
}
