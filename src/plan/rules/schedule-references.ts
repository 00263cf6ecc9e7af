import type { PlanError } from '../error.ts'
import type { PlanNode } from '../node.ts'
import { entriesOf, nodeAt } from '../node.ts'
import { missing } from './references.ts'
import { errorAt, unknownReference } from './rule.ts'

/** Components that phases, slots and the architecture name. */
export function scheduleReferences(root: PlanNode): PlanError[] {
  const known = entriesOf(nodeAt(root, 'components')).map(([id]) => id)
  const listed = (path: string[]) =>
    missing(root, path, nodeAt(root, ...path), 'plan.unknownComponent', known)
  const inParts = ['phases', 'schedule'].flatMap(part =>
    entriesOf(nodeAt(root, part)).flatMap(([id]) => listed([part, id, 'components'])),
  )
  const copies = entriesOf(nodeAt(root, 'architecture', 'copies')).flatMap(([id]) =>
    known.includes(id)
      ? []
      : [unknownReference(root, ['architecture', 'copies', id], 'plan.unknownComponent', id, known)],
  )
  return [...inParts, ...listed(['architecture', 'components']), ...copies, ...endsWithoutStart(root)]
}

/** An end alone says nothing of how long the work lasts. */
function endsWithoutStart(root: PlanNode): PlanError[] {
  return entriesOf(nodeAt(root, 'schedule')).flatMap(([id, slot]) =>
    nodeAt(slot, 'until') !== undefined && nodeAt(slot, 'at') === undefined
      ? [errorAt(root, ['schedule', id, 'until'], { key: 'plan.untilWithoutAt' })]
      : [],
  )
}
