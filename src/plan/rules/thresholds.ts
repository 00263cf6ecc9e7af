import type { Kind } from '../../model/kind.ts'
import type { Threshold } from '../../model/plan.ts'
import type { Text } from '../../model/text.ts'
import type { PlanError } from '../error.ts'
import type { PlanNode } from '../node.ts'
import { entriesOf, nodeAt, textOf } from '../node.ts'
import { inMeasureUnit, isCount, parseQuantity } from '../quantity.ts'
import { kindOf } from './references.ts'
import { errorAt } from './rule.ts'

const comparisons = ['atLeast', 'below', 'equals'] as const

/** Each check has one comparison, with a figure that can be read in its measure's unit. */
export function thresholds(root: PlanNode, kinds: Record<string, Kind>): PlanError[] {
  return entriesOf(nodeAt(root, 'checks')).flatMap(([id, check]) => {
    if (check.type !== 'map') return []
    const path = ['checks', id]
    const given = [...check.entries.keys()].filter(key => comparisons.some(comparison => comparison === key))
    const expected: Text = { key: 'plan.expected.threshold' }
    if (given.length === 0) return [errorAt(root, path, { key: 'plan.noThreshold' }, expected)]
    const extra = given
      .slice(1)
      .map(comparison => errorAt(root, [...path, comparison], { key: 'plan.secondThreshold' }, expected))
    const component = nodeAt(root, 'components', textOf(nodeAt(check, 'component')) ?? '')
    const measureName = textOf(nodeAt(check, 'measure')) ?? ''
    const measures = kindOf(component, kinds)?.measures ?? {}
    const unit = Object.hasOwn(measures, measureName) ? measures[measureName]?.unit : undefined
    const amounts = given.flatMap(comparison =>
      wrongAmount(root, [...path, comparison], check, comparison, unit),
    )
    return [...extra, ...amounts]
  })
}

function wrongAmount(
  root: PlanNode,
  path: string[],
  check: PlanNode,
  comparison: string,
  unit: string | undefined,
): PlanError[] {
  const written = textOf(nodeAt(check, comparison))
  if (written === undefined) return []
  const quantity = parseQuantity(written)
  const values = { value: written, unit: unit ?? '' }
  if (quantity === undefined) {
    return [errorAt(root, path, { key: 'plan.notUnderstood', values }, { key: 'plan.expected.amount' })]
  }
  if (unit === undefined || inMeasureUnit(quantity, unit) !== undefined) return []
  const expected: Text = { key: isCount(unit) ? 'plan.expected.bareNumber' : 'plan.expected.unit', values }
  return [errorAt(root, path, { key: 'plan.wrongUnit', values }, expected)]
}

type Amount = number | string
type Comparisons = { [comparison in (typeof comparisons)[number]]?: Amount | undefined }

/** The threshold in the measure's unit; the rules above have already judged it. */
export function readThreshold(check: Comparisons, unit: string): Threshold {
  const figure = (amount: Amount): number => {
    if (typeof amount === 'number') return amount
    const quantity = parseQuantity(amount)
    return (quantity && inMeasureUnit(quantity, unit)) ?? Number.NaN
  }
  if (check.atLeast !== undefined) return { atLeast: figure(check.atLeast) }
  if (check.below !== undefined) return { below: figure(check.below) }
  return { equals: figure(check.equals ?? Number.NaN) }
}
