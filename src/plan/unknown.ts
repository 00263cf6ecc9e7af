import type { z } from 'zod'
import type { Path, PlanError } from './error.ts'
import { pathText } from './error.ts'
import type { PlanNode } from './node.ts'
import { nodesBelow, plainValue } from './node.ts'

/** Written where a value is not known yet: `databaseStart: "?"`. */
export const unknownMark = '?'

/**
 * What stands in for an unknown value, so that the rest of the plan can be read and judged: the first of these that the schema takes.
 * No rule looks at it, and no plan that has one is carried out.
 */
const standIns = [1, '1 min', '1 GB', '60 MB/s', 'unknown', 'J', '22:00', 'alert', true]

const mostRounds = 3 * standIns.length

export type Read<Parsed> = { parsed: z.ZodSafeParseResult<Parsed>; unknown: Path[] }

/**
 * Reads the tree by the schema. A `?` that schema or rules (`errors`) refuse is an unknown value; in free text it is text.
 */
export function readWithUnknown<Schema extends z.ZodType>(
  schema: Schema,
  root: PlanNode,
  errors: readonly PlanError[],
): Read<z.output<Schema>> {
  const plain = plainValue(root)
  const first = schema.safeParse(plain)
  const marks = nodesBelow(root, []).flatMap(({ path, node }) =>
    node.type === 'scalar' && node.value === unknownMark ? [path] : [],
  )
  if (marks.length === 0) return { parsed: first, unknown: [] }
  const refused = new Set([...issuePaths(first), ...errors.map(({ path }) => path)])
  const unknown = marks.filter(path => refused.has(pathText(path)))
  const chosen = new Map<string, number>(unknown.map(path => [pathText(path), 0]))
  // each round tries the next value wherever the last one was refused; what one hides in another may take rounds of its own
  for (let round = 1; ; round += 1) {
    for (const path of unknown) setAt(plain, path, standIns[chosen.get(pathText(path)) ?? 0])
    const parsed = schema.safeParse(plain)
    const wrong = issuePaths(parsed).filter(path => (chosen.get(path) ?? Infinity) < standIns.length - 1)
    if (wrong.length === 0 || round === mostRounds) return { parsed, unknown }
    for (const path of wrong) chosen.set(path, (chosen.get(path) ?? 0) + 1)
  }
}

const issuePaths = (parsed: z.ZodSafeParseResult<unknown>): string[] =>
  (parsed.error?.issues ?? []).map(issue => pathText(issue.path as Path))

function setAt(plain: unknown, path: Path, value: unknown): void {
  const parent = path
    .slice(0, -1)
    .reduce<unknown>((node, part) => (node as Record<string | number, unknown>)[part], plain)
  const last = path.at(-1)
  if (last !== undefined) (parent as Record<string | number, unknown>)[last] = value
}
