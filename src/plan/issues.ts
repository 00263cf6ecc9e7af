import type { z } from 'zod'
import type { MessageKey, Text } from '../model/text.ts'
import type { Path, PlanError } from './error.ts'
import { pathText } from './error.ts'
import type { IssueParams } from './fields.ts'
import { nearestName } from './nearest.ts'
import type { PlanNode } from './node.ts'
import { entriesOf, keyPlaceAt, nodeAt, plainValue } from './node.ts'
import { knownKeys, shapesAt } from './schema-walk.ts'

type Issue = z.core.$ZodIssue
type Asked = { schema: z.core.$ZodType; root: PlanNode; plain: unknown }

/** What zod found, as errors with a place and a sentence. */
export function errorsOfIssues(issues: Issue[], schema: z.core.$ZodType, root: PlanNode): PlanError[] {
  const asked = { schema, root, plain: plainValue(root) }
  return issues.flatMap(issue => errorsOfIssue(issue, issue.path as Path, asked))
}

function errorsOfIssue(issue: Issue, path: Path, asked: Asked): PlanError[] {
  const node = nodeAt(asked.root, ...path)
  if (issue.code === 'unrecognized_keys') return issue.keys.map(key => unknownKey(key, path, asked))
  if (issue.code === 'invalid_key')
    return [{ ...wrong('plan.badKey', path, asked, true), ...keyExpected(issue) }]
  if (issue.code === 'invalid_union') return errorsOfUnion(issue, path, node, asked)
  const expected = expectation(issue)
  const said = { ...(expected && { expected }) }
  // A kind's own rule may speak of a field that is omitted and has its default.
  if (issue.code === 'custom')
    return [{ ...wrong('plan.notAllowed', path, asked), ...said, ...customParts(issue) }]
  if (node === undefined) return [{ ...wrong('plan.missing', path, asked), ...said }]
  if (issue.code === 'invalid_value') {
    const nearest = nearestValue(node, issue.values.map(String))
    return [{ ...wrong('plan.notOneOf', path, asked), ...said, ...nearest }]
  }
  if (issue.code === 'invalid_type') return [{ ...wrong(foundKey(node), path, asked), ...said }]
  return [{ ...wrong('plan.notAllowed', path, asked), ...said }]
}

/** The choice that was meant, when one fits clearly better than the others; else what the choices look like. */
function errorsOfUnion(
  issue: z.core.$ZodIssueInvalidUnion,
  path: Path,
  node: PlanNode | undefined,
  asked: Asked,
): PlanError[] {
  // A choice with a default takes `undefined` too, which is nothing that people write.
  const options = (issue as { options?: unknown[] }).options?.flatMap(one => one ?? []).map(String)
  if (options !== undefined) {
    const expected: Text = { key: 'plan.expected.oneOf', values: { names: options.join(', ') } }
    if (node === undefined) return [{ ...wrong('plan.missing', path, asked), expected }]
    return [{ ...wrong('plan.notOneOf', path, asked), expected, ...nearestValue(node, options) }]
  }
  const known = knownKeys(asked.schema, path, asked.plain)
  const strangers = entriesOf(node).filter(([key]) => !known.includes(key))
  if (strangers.length > 0) return strangers.map(([key]) => unknownKey(key, path, asked))
  const ranked = issue.errors
    .map(issues => ({ issues, misses: issues.filter(isMiss).length }))
    .sort((left, right) => left.misses - right.misses || left.issues.length - right.issues.length)
  const [best, next] = ranked
  if (best !== undefined && best.misses < (next?.misses ?? 1)) {
    return best.issues.flatMap(inner => errorsOfIssue(inner, [...path, ...(inner.path as Path)], asked))
  }
  const shapes = shapesAt(asked.schema, path, asked.plain).join(' | ')
  const expected = textOf(issue.message) ?? { key: 'plan.expected.shapes', values: { shapes } }
  return [{ ...wrong(node === undefined ? 'plan.missing' : 'plan.notAllowed', path, asked), expected }]
}

/** The choice does not even have the shape of what stands there. */
function isMiss({ code, path }: Issue): boolean {
  return path.length === 0 && (code === 'invalid_type' || code === 'unrecognized_keys')
}

function unknownKey(key: string, path: Path, asked: Asked): PlanError {
  const known = knownKeys(asked.schema, path, asked.plain)
  const nearest = nearestName(key, known)
  const error = wrong('plan.unknownKey', [...path, key], asked, true)
  return {
    ...error,
    expected: { key: 'plan.expected.keys', values: { names: known.join(', ') } },
    ...(nearest !== undefined && { nearest }),
  }
}

/** `atKey`: the key itself is wrong, not what stands under it. What is missing is placed at its parent. */
function wrong(problem: MessageKey, path: Path, asked: Asked, atKey = false): PlanError {
  const node = atKey ? undefined : nodeAt(asked.root, ...path)
  const place = node?.place ?? keyPlaceAt(asked.root, path)
  // Never what is written there, which may be a secret; except where only listed words may stand.
  const value = problem === 'plan.notOneOf' && node?.type === 'scalar' ? { value: String(node.value) } : {}
  const values = { key: String(path.at(-1) ?? ''), ...value }
  return { place, path: pathText(path), problem: { key: problem, values } }
}

/** Sentences are chosen by what stands there. */
function foundKey(node: PlanNode): MessageKey {
  if (node.type === 'map') return 'plan.found.map'
  if (node.type === 'list') return 'plan.found.list'
  if (node.value === null) return 'plan.found.nothing'
  if (typeof node.value === 'number') return 'plan.found.number'
  return typeof node.value === 'boolean' ? 'plan.found.boolean' : 'plan.found.string'
}

/** What a zod message says when it is the key of a sentence, as in our own fields and the kinds': zod carries it as text. */
function textOf(message: string): Text | undefined {
  return /^[a-z][\w-]*(\.[\w-]+)+$/.test(message) ? { key: message as MessageKey } : undefined
}

function expectation(issue: Issue): Text | undefined {
  const own = textOf(issue.message)
  if (own !== undefined) return own
  switch (issue.code) {
    case 'invalid_type':
      return typeOf(issue.expected)
    case 'invalid_value':
      return { key: 'plan.expected.oneOf', values: { names: issue.values.map(String).join(', ') } }
    case 'too_small': {
      const keys = leastKeys[sized(issue.origin)]
      const key = issue.inclusive === false ? keys.more : keys.least
      return { key, values: { limit: Number(issue.minimum) } }
    }
    case 'too_big': {
      const keys = mostKeys[sized(issue.origin)]
      const key = issue.inclusive === false ? keys.less : keys.most
      return { key, values: { limit: Number(issue.maximum) } }
    }
    case 'invalid_format':
      return { key: 'plan.expected.format', values: { format: issue.pattern ?? issue.format } }
    default:
      return { key: 'plan.raw', values: { message: issue.message } }
  }
}

/** Lists and texts are counted, figures compared. */
function sized(origin: string): 'text' | 'list' | 'figure' {
  if (origin === 'string') return 'text'
  return ['array', 'set', 'map', 'object', 'record'].includes(origin) ? 'list' : 'figure'
}
const leastKeys = {
  figure: { least: 'plan.expected.atLeast', more: 'plan.expected.moreThan' },
  list: { least: 'plan.expected.atLeastMany', more: 'plan.expected.moreThanMany' },
  text: { least: 'plan.expected.atLeastLong', more: 'plan.expected.moreThanLong' },
} as const
const mostKeys = {
  figure: { most: 'plan.expected.atMost', less: 'plan.expected.lessThan' },
  list: { most: 'plan.expected.atMostMany', less: 'plan.expected.lessThanMany' },
  text: { most: 'plan.expected.atMostLong', less: 'plan.expected.lessThanLong' },
} as const

const typeKeys: Record<string, MessageKey> = {
  string: 'plan.expected.type.string',
  number: 'plan.expected.type.number',
  int: 'plan.expected.type.int',
  boolean: 'plan.expected.type.boolean',
  array: 'plan.expected.type.array',
  object: 'plan.expected.type.object',
  record: 'plan.expected.type.record',
}
/** A type without a sentence is named as zod names it. */
function typeOf(expected: string): Text {
  const key = typeKeys[expected]
  return key === undefined ? { key: 'plan.raw', values: { message: expected } } : { key }
}

function keyExpected(issue: z.core.$ZodIssueInvalidKey): { expected?: Text } {
  const expected = issue.issues[0] && expectation(issue.issues[0])
  return expected === undefined ? {} : { expected }
}

function customParts(issue: z.core.$ZodIssueCustom): { problem?: Text; nearest?: string } {
  const { problem, nearest }: IssueParams = issue.params ?? {}
  return { ...(problem && { problem }), ...(nearest !== undefined && { nearest }) }
}

function nearestValue(node: PlanNode, known: string[]): { nearest?: string } {
  const nearest = node.type === 'scalar' ? nearestName(String(node.value), known) : undefined
  return nearest === undefined ? {} : { nearest }
}
