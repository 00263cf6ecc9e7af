import type { PlanError } from '../error.ts'
import type { PlanNode } from '../node.ts'
import { entriesOf, itemsOf, nodeAt, textOf } from '../node.ts'
import { errorAt } from './rule.ts'

/** Who must sign has a key, and no two people have the same: else a signature would not say who gave it. */
export function keys(root: PlanNode): PlanError[] {
  return [...sharedKeys(root), ...missingKeys(root)]
}

export type Written = { index: number; name: string; role: string; key: string | undefined }

export const people = (root: PlanNode): Written[] =>
  itemsOf(nodeAt(root, 'people')).flatMap((person, index) => {
    const [name, role] = [textOf(nodeAt(person, 'name')), textOf(nodeAt(person, 'role'))]
    const key = textOf(nodeAt(person, 'key'))?.trim().split(/\s+/).slice(0, 2).join(' ')
    return name === undefined || role === undefined ? [] : [{ index, name, role, key }]
  })

/** One person may have two roles, and then one key. */
function sharedKeys(root: PlanNode): PlanError[] {
  const owners = new Map<string, string>()
  return people(root).flatMap(({ index, name, key }) => {
    if (key === undefined) return []
    const owner = owners.get(key) ?? name
    owners.set(key, owner)
    if (owner === name) return []
    return [errorAt(root, ['people', index, 'key'], { key: 'plan.sharedKey', values: { name, owner } })]
  })
}

export const mustSign = (root: PlanNode): boolean => textOf(nodeAt(root, 'signatures')) !== 'declared'

function missingKeys(root: PlanNode): PlanError[] {
  if (!mustSign(root)) return []
  const all = people(root)
  const signing = entriesOf(nodeAt(root, 'gates')).flatMap(([, gate]) =>
    itemsOf(nodeAt(gate, 'signoffs')).flatMap(role => textOf(role) ?? []),
  )
  return [...new Set(signing)].flatMap(role => {
    const holders = all.filter(person => person.role === role)
    const [first] = holders
    if (first === undefined || holders.some(({ key }) => key !== undefined)) return []
    const problem = { key: 'plan.missingKey', values: { role } } as const
    return [errorAt(root, ['people', first.index], problem, { key: 'plan.expected.key' })]
  })
}
