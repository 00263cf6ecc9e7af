import type { Author } from '../model/plan.ts'
import type { Text } from '../model/text.ts'

/** Who wrote the plan, and where somebody else must approve. */
export function authorText({ name, mayNotApprove }: Author): Text {
  if (mayNotApprove.length === 0) return { key: 'views.author', values: { name } }
  return { key: 'views.author.mayNot', values: { name, approvals: mayNotApprove.join(', ') } }
}
