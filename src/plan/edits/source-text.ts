import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  type Node,
  type Pair,
  parseDocument,
  stringify,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml'
import type { Path } from '../error.ts'

/** What may be written into a plan. */
export type Value = string | number | readonly Value[] | { readonly [key: string]: Value }
export type MapPair = Pair<Node, Node | null>
export type MapNode = YAMLMap<Node, Node | null>
type SeqNode = YAMLSeq<Node>

/** `node`: the deepest there is. `rest`: the keys of the path below it, of which there is nothing. */
export type Reached = { node: Node; pair?: MapPair; parent?: Node; rest: Path }

/** Undefined where the text is no map, or the path goes through an alias. */
export function reach(text: string, path: Path): Reached | undefined {
  const root = parseDocument(text, { stringKeys: true, logLevel: 'error' }).contents
  let at: Reached | undefined = isMap(root) ? { node: root as Node, rest: path } : undefined
  while (at !== undefined && at.rest.length > 0) {
    const [part = '', ...rest] = at.rest
    const pair = isMap(at.node) ? pairOf(at.node as MapNode, part) : undefined
    const node = pair === undefined ? itemOf(at.node, part) : pair.value
    if (node === undefined || node === null) return at
    if (isAlias(node)) return undefined
    at = { node, parent: at.node, rest, ...(pair && { pair }) }
  }
  return at
}

export const pairOf = (map: MapNode, key: string | number): MapPair | undefined =>
  map.items.find(pair => isScalar(pair.key) && pair.key.value === key) as MapPair | undefined

const itemOf = (node: Node, part: string | number): Node | undefined =>
  isSeq(node) ? (node as SeqNode).items[Number(part)] : undefined

/** Offset of its first character. */
export const startOf = (node: Node): number => node.range?.[0] ?? 0

/** Behind its last character: a block's own range goes on to the comments after it. */
export function endOf(text: string, node: Node): number {
  let end = node.range?.[1] ?? 0
  const last = isMap(node) || isSeq(node) ? node.items.at(-1) : undefined
  if (last !== undefined && !(node as MapNode | SeqNode).flow)
    end = isMap(node) ? endOfPair(text, last as MapPair) : endOf(text, last as Node)
  return text.slice(0, end).trimEnd().length
}

export const endOfPair = (text: string, { key, value }: MapPair): number =>
  value === null || (isScalar(value) && value.source === '') ? afterColon(text, key) : endOf(text, value)

const afterColon = (text: string, key: Node): number => text.indexOf(':', key.range?.[1] ?? 0) + 1

export const isFlow = (node: Node): boolean => (isMap(node) || isSeq(node)) && node.flow === true

export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1
}
/** Of the line's break, or of the end of the text. */
export function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset)
  if (end < 0) return text.length
  return text[end - 1] === '\r' ? end - 1 : end
}
export const indentAt = (text: string, offset: number): string => ' '.repeat(offset - lineStart(text, offset))
export const lineBreak = (text: string): string => (text.includes('\r\n') ? '\r\n' : '\n')

export const spliced = (text: string, from: number, to: number, by: string): string =>
  text.slice(0, from) + by + text.slice(to)

/** On one line, times of day in quotes, as plans have them. */
export function inline(value: Value): string {
  if (typeof value === 'string' && /^\d+:\d+$/.test(value)) return JSON.stringify(value)
  if (typeof value === 'string' || typeof value === 'number')
    return stringify(value, { lineWidth: 0 }).trimEnd()
  if (isList(value)) return `[${value.map(inFlow).join(', ')}]`
  return `{${Object.entries(value)
    .map(([key, one]) => `${key}: ${inFlow(one)}`)
    .join(', ')}}`
}

const isList = (value: Value): value is readonly Value[] => Array.isArray(value)

/** Text that would mean something else there is quoted. */
export function inFlow(value: Value): string {
  const isMarked = typeof value === 'string' && /[,[\]{}#:&*!|>'"%@`]/.test(value)
  return isMarked ? JSON.stringify(value) : inline(value)
}

export type Comment = { at: number; text: string }
/** Tokens that stand for no character. */
const lexerMarks = new Set(['\u0002', '\u0018', '\u001f'])

/** Every comment of a YAML text, with its offset. */
export function commentsIn(text: string): Comment[] {
  const found: Comment[] = []
  let at = 0
  for (const token of new Lexer().lex(text)) {
    if (lexerMarks.has(token)) continue
    if (token.startsWith('#')) found.push({ at, text: token })
    at += token.length
  }
  return found
}

export const commentsBetween = (text: string, from: number, to: number): Comment[] =>
  commentsIn(text).filter(({ at }) => at >= from && at < to)
