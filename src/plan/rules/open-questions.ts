import type { PlanError } from '../error.ts'
import type { PlanNode } from '../node.ts'
import { nodesBelow } from '../node.ts'
import { errorAt } from './rule.ts'

const open = /^TODO(:|$)/

/** What `bascule discover` left for people to answer: the comment beside it is the question. */
export function openQuestions(root: PlanNode): PlanError[] {
  return nodesBelow(root, []).flatMap(({ path, node }) => {
    if (node.type !== 'scalar' || typeof node.value !== 'string' || !open.test(node.value)) return []
    const question = node.comment ?? node.value.replace(/^TODO:?\s*/, '')
    return [
      question === ''
        ? errorAt(root, path, { key: 'plan.todo' })
        : errorAt(root, path, { key: 'plan.todoAsks', values: { question } }),
    ]
  })
}
