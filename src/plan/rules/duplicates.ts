import type { PlanError } from '../error.ts'
import type { PlanNode } from '../node.ts'
import { itemsOf, nodeAt, textOf } from '../node.ts'
import { errorAt } from './rule.ts'

/** What is named twice where the key of a map does not already forbid it. */
export function duplicates(root: PlanNode): PlanError[] {
  return [...people(root), ...sites(root)]
}

function people(root: PlanNode): PlanError[] {
  const seen = new Set<string>()
  return itemsOf(nodeAt(root, 'people')).flatMap((person, index) => {
    const name = textOf(nodeAt(person, 'name'))
    const role = textOf(nodeAt(person, 'role'))
    if (name === undefined || role === undefined) return []
    const key = JSON.stringify([name, role])
    if (seen.has(key)) return [errorAt(root, ['people', index], { key: 'plan.twice', values: { name } })]
    seen.add(key)
    return []
  })
}

function sites(root: PlanNode): PlanError[] {
  const source = textOf(nodeAt(root, 'sites', 'source', 'id'))
  const target = textOf(nodeAt(root, 'sites', 'target', 'id'))
  if (source === undefined || source !== target) return []
  return [errorAt(root, ['sites', 'target', 'id'], { key: 'plan.sameSite', values: { name: source } })]
}
