import { type ErrorCode, isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml'
import type { MessageKey } from '../model/text.ts'
import type { Path, Place, PlanError } from './error.ts'
import { pathText } from './error.ts'
import type { Entry, MapNode, PlanNode } from './node.ts'
import { syntaxKeys } from './syntax-keys.ts'

export type PlanFile = { name: string; text: string }

/**
 * Thirty times the example, which moves a whole data centre; what is beyond is a mistake or an attack (aliases of aliases of
 * aliases). 8 MB with 600 000 keys took 39 s and 1.8 GB of memory.
 */
export const mostCharacters = 1_000_000
const mostNodes = 200_000
const deepest = 50

/** Faults after which the parser still knows where it is. After any other, what it says next is only confusion. */
const localFaults = new Set(['TAG_RESOLVE_FAILED', 'NON_STRING_KEY', 'BAD_DQ_ESCAPE', 'BAD_SCALAR_START'])

/** One file's text as a tree. `root` is undefined when the file is empty or its syntax is wrong. */
export function readSource(file: PlanFile): { root?: PlanNode; errors: PlanError[] } {
  const start = { file: file.name, line: 1, column: 1 }
  const fatal = (key: MessageKey) => ({ errors: [{ place: start, path: '', problem: { key } }] })
  if (file.text.length > mostCharacters) return fatal('plan.tooLarge')
  try {
    return new SourceReader(file).read()
  } catch (error) {
    // The parser recurses: brackets in brackets by the thousand end its stack.
    if (error instanceof RangeError) return fatal('plan.tooDeep')
    throw error
  }
}

class SourceReader {
  private readonly lines = new LineCounter()
  private readonly anchors = new Map<string, unknown>()
  private readonly open = new Set<unknown>()
  private readonly errors: PlanError[] = []
  private readonly file: PlanFile
  private nodes = 0

  constructor(file: PlanFile) {
    this.file = file
  }

  read(): { root?: PlanNode; errors: PlanError[] } {
    const document = parseDocument(this.file.text, {
      lineCounter: this.lines,
      prettyErrors: false, // their excerpts could show a secret
      uniqueKeys: false, // reported below, with the path
      stringKeys: true,
      logLevel: 'error',
    })
    const faults = [...document.errors, ...document.warnings]
    if (faults.length > 0) return { errors: this.syntaxErrors(faults) }
    if (document.contents === null || isEmpty(document.contents)) return { errors: [] }
    const root = this.convert(document.contents, [])
    return { root, errors: this.errors }
  }

  private syntaxErrors(faults: { code: ErrorCode; pos: [number, number] }[]): PlanError[] {
    const inOrder = faults.toSorted((left, right) => left.pos[0] - right.pos[0])
    const lost = inOrder.findIndex(fault => !localFaults.has(fault.code))
    return (lost === -1 ? inOrder : inOrder.slice(0, lost + 1)).map(fault => ({
      place: this.placeOf(fault.pos[0]),
      path: '',
      problem: { key: syntaxKeys[fault.code] },
    }))
  }

  private convert(node: unknown, path: Path): PlanNode {
    const place = this.placeOf(offsetOf(node))
    const nothing: PlanNode = { type: 'scalar', place, value: null }
    if (isAlias(node)) return this.convertAlias(node.source, place, path)
    if (path.length > deepest) return this.refuse('plan.tooDeep', place, path, nothing)
    this.nodes += 1
    if (this.nodes === mostNodes) return this.refuse('plan.tooManyNodes', place, path, nothing)
    if (this.nodes > mostNodes) return nothing
    if (isScalar(node)) {
      this.remember(node.anchor, node)
      const comment = node.comment?.split('\n')[0]?.trim()
      return {
        ...nothing,
        value: node.value as string | number | boolean | null,
        ...(comment && { comment }),
      }
    }
    if (!isMap(node) && !isSeq(node)) return nothing
    this.remember(node.anchor, node)
    this.open.add(node)
    const converted: PlanNode = isMap(node)
      ? { type: 'map', place, entries: this.convertPairs(node.items, path) }
      : { type: 'list', place, items: node.items.map((item, index) => this.convert(item, [...path, index])) }
    this.open.delete(node)
    return converted
  }

  private convertPairs(pairs: { key: unknown; value: unknown }[], path: Path): MapNode['entries'] {
    const entries = new Map<string, Entry>()
    for (const pair of pairs) {
      const key = isScalar(pair.key) ? String(pair.key.value) : ''
      const keyPlace = this.placeOf(offsetOf(pair.key))
      if (entries.has(key)) this.complain('plan.duplicateKey', keyPlace, [...path, key])
      else if (key === '__proto__') this.complain('plan.unknownKey', keyPlace, [...path, key])
      else entries.set(key, { keyPlace, node: this.convertValue(pair.value, keyPlace, [...path, key]) })
    }
    return entries
  }

  private convertValue(value: unknown, keyPlace: Place, path: Path): PlanNode {
    return value === null ? { type: 'scalar', place: keyPlace, value: null } : this.convert(value, path)
  }

  private convertAlias(name: string, place: Place, path: Path): PlanNode {
    const target = this.anchors.get(name)
    const nothing: PlanNode = { type: 'scalar', place, value: null }
    if (target === undefined) return this.refuse('plan.syntax.BAD_ALIAS', place, path, nothing)
    if (this.open.has(target)) return this.refuse('plan.aliasLoop', place, path, nothing)
    return { ...this.convert(target, path), place }
  }

  private refuse(key: MessageKey, place: Place, path: Path, instead: PlanNode): PlanNode {
    this.complain(key, place, path)
    return instead
  }

  private complain(key: MessageKey, place: Place, path: Path) {
    const values = { key: String(path.at(-1) ?? '') }
    this.errors.push({ place, path: pathText(path), problem: { key, values } })
  }

  private remember(anchor: string | undefined, node: unknown) {
    if (anchor !== undefined) this.anchors.set(anchor, node)
  }

  private placeOf(offset: number): Place {
    const { line, col } = this.lines.linePos(offset)
    return { file: this.file.name, line: Math.max(line, 1), column: Math.max(col, 1) }
  }
}

function offsetOf(node: unknown): number {
  return (node as { range?: [number, number, number] | null } | null)?.range?.[0] ?? 0
}

function isEmpty(node: unknown): boolean {
  return isScalar(node) && node.value === null
}
