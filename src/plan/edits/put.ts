import { isMap, isScalar, isSeq, type Node } from 'yaml'
import type { Path } from '../error.ts'
import {
  commentsBetween,
  endOf,
  endOfPair,
  indentAt,
  inFlow,
  inline,
  isFlow,
  lineBreak,
  lineEnd,
  type MapNode,
  type MapPair,
  pairOf,
  reach,
  spliced,
  startOf,
  type Value,
} from './source-text.ts'

/** See `applyEdits`. */
export function put(text: string, path: Path, value: Value, after?: string): string | undefined {
  const reached = reach(text, path)
  if (reached === undefined) return undefined
  const { node, pair, rest } = reached
  if (rest.length === 0) return replaced(text, node, value)
  const [key = '', ...below] = rest
  const nested = below.reduceRight<Value>((inner, part) => ({ [part]: inner }), value)
  if (isMap(node)) return added(text, node as MapNode, String(key), nested, after)
  // `phases:` with nothing after it
  if (isScalar(node) && node.source === '' && pair) return empty(text, pair, { [key]: nested })
  return undefined
}

function replaced(text: string, node: Node, value: Value): string | undefined {
  const [from, to] = [startOf(node), endOf(text, node)]
  const hasAnchor = isScalar(node) || isMap(node) || isSeq(node) ? node.anchor !== undefined : true
  if (hasAnchor || commentsBetween(text, from, to).length > 0) return undefined
  return spliced(text, from, to, inFlow(value))
}

function empty(text: string, pair: MapPair, value: Value): string {
  const at = endOfPair(text, pair)
  return spliced(text, at, at, ` ${inline(value)}`)
}

function added(text: string, map: MapNode, key: string, value: Value, after?: string): string | undefined {
  const written = `${key}: ${inFlow(value)}`
  const before = (after === undefined ? undefined : pairOf(map, after)) ?? (map.items.at(-1) as MapPair)
  if (isFlow(map)) {
    const at = before === undefined ? startOf(map) + 1 : endOfPair(text, before)
    return spliced(text, at, at, before === undefined ? written : `, ${written}`)
  }
  const first = map.items[0]?.key
  if (before === undefined || first === undefined) return undefined
  const at = lineEnd(text, endOfPair(text, before))
  return spliced(text, at, at, `${lineBreak(text)}${indentAt(text, startOf(first))}${written}`)
}
