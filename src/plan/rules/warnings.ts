import type { PlanError } from '../error.ts'
import type { PlanNode } from '../node.ts'
import { entriesOf, nodeAt, textOf } from '../node.ts'
import { errorAt } from './rule.ts'

/** What is allowed and still looks like a slip: the same machine at both ends. */
export function sameHosts(root: PlanNode): PlanError[] {
  const atSource = entriesOf(nodeAt(root, 'sites', 'source', 'hosts'))
  const names = new Map(atSource.map(([name, host]) => [textOf(nodeAt(host, 'ssh')), name]))
  return entriesOf(nodeAt(root, 'sites', 'target', 'hosts')).flatMap(([name, host]) => {
    const ssh = textOf(nodeAt(host, 'ssh'))
    const twin = ssh === undefined ? undefined : names.get(ssh)
    if (ssh === undefined || twin === undefined) return []
    const path = ['sites', 'target', 'hosts', name, 'ssh']
    return [errorAt(root, path, { key: 'plan.sameHost', values: { ssh, twin } })]
  })
}
