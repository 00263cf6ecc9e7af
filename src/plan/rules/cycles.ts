import type { PlanError } from '../error.ts'
import type { PlanNode } from '../node.ts'
import { entriesOf, itemsOf, nodeAt, textOf } from '../node.ts'
import { errorAt } from './rule.ts'

/** Components that need each other in a circle, each circle shown; without these needs there would be none left. */
export function cycles(root: PlanNode): PlanError[] {
  const needs = new Map<string, string[]>()
  for (const [id, component] of entriesOf(nodeAt(root, 'components'))) {
    needs.set(
      id,
      itemsOf(nodeAt(component, 'needs')).map(item => textOf(item) ?? ''),
    )
  }
  return backEdges(needs).map(({ from, index, circle }) =>
    errorAt(
      root,
      ['components', from, 'needs', index],
      { key: 'plan.cycle', values: { circle: circle.join(' → ') } },
      { key: 'plan.expected.noCycle' },
    ),
  )
}

type BackEdge = { from: string; index: number; circle: string[] }

/** Depth first with its own stack: a chain of needs may be longer than the program's. */
function backEdges(needs: Map<string, string[]>): BackEdge[] {
  const found: BackEdge[] = []
  const finished = new Set<string>()
  for (const start of needs.keys()) {
    const stack = finished.has(start) ? [] : [{ id: start, next: 0 }]
    const onStack = new Map(stack.map(({ id }) => [id, 0]))
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const index = top.next++
      const need = needs.get(top.id)?.[index]
      if (need === undefined) {
        finished.add(top.id)
        onStack.delete(top.id)
        stack.pop()
        continue
      }
      const position = onStack.get(need)
      if (position !== undefined) {
        const circle = [...stack.slice(position).map(({ id }) => id), need]
        found.push({ from: top.id, index, circle })
      } else if (needs.has(need) && !finished.has(need)) {
        onStack.set(need, stack.length)
        stack.push({ id: need, next: 0 })
      }
    }
  }
  return found
}
