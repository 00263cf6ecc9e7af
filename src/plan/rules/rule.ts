import type { Kind } from '../../model/kind.ts'
import type { MessageKey, Text } from '../../model/text.ts'
import type { Path, PlanError } from '../error.ts'
import { pathText } from '../error.ts'
import { nearestName } from '../nearest.ts'
import type { PlanNode } from '../node.ts'
import { keyPlaceAt, nodeAt } from '../node.ts'

/**
 * A rule over the whole plan. It reads the tree and not the parsed plan, and takes what it can, so that it still
 * speaks when something else is wrong: all errors come at once.
 */
export type Rule = (root: PlanNode, kinds: Record<string, Kind>) => PlanError[]

export function errorAt(root: PlanNode, path: Path, problem: Text, expected?: Text): PlanError {
  const place = nodeAt(root, ...path)?.place ?? keyPlaceAt(root, path)
  return { place, path: pathText(path), problem, ...(expected && { expected }) }
}

/** A name that stands for nothing: says which names there are and which one is nearest. */
export function unknownReference(
  root: PlanNode,
  path: Path,
  key: MessageKey,
  name: string,
  known: string[],
): PlanError {
  const nearest = nearestName(name, known)
  const expected: Text = known.length > 0 ? names(known) : { key: 'plan.expected.noneThere' }
  return {
    ...errorAt(root, path, { key, values: { name } }, expected),
    ...(nearest !== undefined && { nearest }),
  }
}

const mostNames = 20
function names(known: string[]): Text {
  const shown = known.length > mostNames ? [...known.slice(0, mostNames), '…'] : known
  return { key: 'plan.expected.oneOf', values: { names: shown.join(', ') } }
}
