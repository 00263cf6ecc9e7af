import type { PlanError } from '../error.ts'
import type { PlanNode } from '../node.ts'
import { itemsOf, nodeAt, textOf } from '../node.ts'
import { mustSign, people } from './keys.ts'
import { errorAt, unknownReference } from './rule.ts'

/** The author is one of the people, and where the author may not approve, somebody else can. */
export function author(root: PlanNode): PlanError[] {
  const name = textOf(nodeAt(root, 'author', 'name'))
  if (name === undefined) return []
  const all = people(root)
  const names = [...new Set(all.map(person => person.name))]
  if (!names.includes(name))
    return [unknownReference(root, ['author', 'name'], 'plan.unknownPerson', name, names)]
  const others = all.filter(person => person.name !== name && (person.key !== undefined || !mustSign(root)))
  return itemsOf(nodeAt(root, 'author', 'mayNotApprove')).flatMap((item, index) => {
    const approval = textOf(item) ?? ''
    const path = ['author', 'mayNotApprove', index]
    if (approval === 'countersign')
      return others.length > 0
        ? []
        : [errorAt(root, path, { key: 'plan.nobodyCountersigns', values: { name } })]
    return itemsOf(nodeAt(root, 'gates', approval, 'signoffs')).flatMap(signoff => {
      const role = textOf(signoff) ?? ''
      const isHeld = all.some(person => person.role === role)
      if (!isHeld || others.some(person => person.role === role)) return []
      return [errorAt(root, path, { key: 'plan.onlyAuthor', values: { gate: approval, role, name } })]
    })
  })
}
