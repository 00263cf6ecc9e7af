import { isMap } from 'yaml'
import type { Path } from '../error.ts'
import {
  commentsBetween,
  endOfPair,
  isFlow,
  lineBreak,
  lineEnd,
  lineStart,
  type MapNode,
  type MapPair,
  reach,
  spliced,
  startOf,
} from './source-text.ts'

/** Of a key with all below it; its comments stay where it was. See `applyEdits`. */
export function remove(text: string, path: Path): string | undefined {
  const reached = reach(text, path)
  const { pair, parent } = reached ?? {}
  if (reached?.rest.length !== 0 || pair === undefined || !isMap(parent)) return undefined
  const map = parent as MapNode
  return isFlow(map) ? fromFlow(text, map, pair) : fromBlock(text, map, pair)
}

function fromFlow(text: string, map: MapNode, pair: MapPair): string | undefined {
  const index = map.items.indexOf(pair)
  const [before, next] = [map.items[index - 1], map.items[index + 1]]
  const from = next === undefined && before ? endOfPair(text, before as MapPair) : startOf(pair.key)
  const to = next === undefined ? endOfPair(text, pair) : startOf(next.key)
  return commentsBetween(text, from, to).length > 0 ? undefined : spliced(text, from, to, '')
}

function fromBlock(text: string, map: MapNode, pair: MapPair): string | undefined {
  const key = startOf(pair.key)
  const [from, to] = [lineStart(text, key), lineEnd(text, endOfPair(text, pair))]
  const indent = text.slice(from, key)
  // the last one would leave an empty value, and the line may begin with the dash of a list
  if (map.items.length === 1 || indent.trim() !== '') return undefined
  const end = text.startsWith('\r\n', to) ? to + 2 : to + 1
  const comments = commentsBetween(text, from, to).map(comment => indent + comment.text + lineBreak(text))
  return spliced(text, from, Math.min(end, text.length), comments.join(''))
}
