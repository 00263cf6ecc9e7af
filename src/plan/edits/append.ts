import { isSeq } from 'yaml'
import type { Path } from '../error.ts'
import { put } from './put.ts'
import {
  endOf,
  indentAt,
  inFlow,
  isFlow,
  lineBreak,
  lineEnd,
  reach,
  spliced,
  startOf,
  type Value,
} from './source-text.ts'

/** See `applyEdits`. */
export function append(text: string, path: Path, value: Value): string | undefined {
  const reached = reach(text, path)
  if (reached === undefined) return undefined
  const { node, rest } = reached
  if (rest.length > 0) return put(text, path, [value])
  const last = isSeq(node) ? node.items.at(-1) : undefined
  if (!isSeq(node)) return undefined
  if (last === undefined) return spliced(text, startOf(node) + 1, startOf(node) + 1, inFlow(value))
  const end = endOf(text, isFlow(node) ? (last as typeof node) : node)
  if (isFlow(node)) return spliced(text, end, end, `, ${inFlow(value)}`)
  const at = lineEnd(text, end)
  return spliced(text, at, at, `${lineBreak(text)}${indentAt(text, startOf(node))}- ${inFlow(value)}`)
}
