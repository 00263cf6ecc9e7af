import type { Path, Place } from './error.ts'

/** A plan's text as a tree in which everything still knows where it was written. */
export type PlanNode = ScalarNode | ListNode | MapNode
/** `comment`: on the same line, behind it. */
type ScalarNode = { type: 'scalar'; place: Place; value: string | number | boolean | null; comment?: string }
type ListNode = { type: 'list'; place: Place; items: PlanNode[] }
export type MapNode = { type: 'map'; place: Place; entries: Map<string, Entry> }
export type Entry = { keyPlace: Place; node: PlanNode }

/** The plain value, for the schema. */
export function plainValue(node: PlanNode): unknown {
  if (node.type === 'scalar') return node.value
  if (node.type === 'list') return node.items.map(plainValue)
  return Object.fromEntries([...node.entries].map(([key, entry]) => [key, plainValue(entry.node)]))
}

/** What stands at a path, or undefined. */
export function nodeAt(root: PlanNode | undefined, ...path: Path): PlanNode | undefined {
  return path.reduce<PlanNode | undefined>((node, part) => entryAt(node, part)?.node, root)
}

function entryAt(node: PlanNode | undefined, part: string | number): Entry | undefined {
  if (node?.type === 'map') return node.entries.get(String(part))
  const item = node?.type === 'list' ? node.items[Number(part)] : undefined
  return item && { keyPlace: item.place, node: item }
}

/** Where the key of a path stands; for what is missing, where its nearest existing parent is named. */
export function keyPlaceAt(root: PlanNode, path: Path): Place {
  let place = root.place
  let node: PlanNode | undefined = root
  for (const part of path) {
    const entry = entryAt(node, part)
    if (entry === undefined) break
    place = entry.keyPlace
    node = entry.node
  }
  return place
}

/** Keys and nodes of a map; nothing when it is not one. The rules read what they can of a faulty plan. */
export function entriesOf(node: PlanNode | undefined): [string, PlanNode][] {
  if (node?.type !== 'map') return []
  return [...node.entries].map(([key, entry]) => [key, entry.node])
}
export function itemsOf(node: PlanNode | undefined): PlanNode[] {
  return node?.type === 'list' ? node.items : []
}
export function textOf(node: PlanNode | undefined): string | undefined {
  return node?.type === 'scalar' && typeof node.value === 'string' ? node.value : undefined
}

/** The node itself and all below it, each with its path; the last part of a path is the key in a map, or the place in a list. */
export function nodesBelow(node: PlanNode | undefined, path: Path): { path: Path; node: PlanNode }[] {
  if (node === undefined) return []
  const inLists = itemsOf(node).flatMap((item, index) => nodesBelow(item, [...path, index]))
  const inMaps = entriesOf(node).flatMap(([key, value]) => nodesBelow(value, [...path, key]))
  return [{ path, node }, ...inLists, ...inMaps]
}
