import type { PlanError } from '../error.ts'
import type { PlanNode } from '../node.ts'
import { nodeAt, nodesBelow } from '../node.ts'
import { errorAt } from './rule.ts'

/** Not `token`: kinds may name a part of an answer so. */
const secretKey = /^(password|passphrase|secret|apiKey|apiToken|privateKey)$/i
/** A reference, or a placeholder that a kind fills in from one (`{{secret.password}}`). */
const harmless = /^(env:[A-Za-z_]\w*|(file|cmd):\S.*|\{\{[\w.-]+\}\})$/

/** Headers by which a program shows who it is. Their value has a placeholder in it. */
const secretHeader = /^((proxy-)?authorization|cookie|x-(api-key|auth-token))$/i
const placeholder = /\{\{[^{}]+\}\}/
/** `https://user:password@host` */
const addressWithPassword = /^[a-z][a-z\d+.-]*:\/\/[^/?#@\s:]*:[^/?#@\s]+@/i

/** No kind, whatever its fields, may hold a secret in the plan itself. The sentence never shows what stands there. */
export function secrets(root: PlanNode): PlanError[] {
  const [, ...below] = nodesBelow(nodeAt(root, 'components'), ['components'])
  return below.flatMap(({ path, node }) => {
    const key = path.at(-1)
    if (typeof key !== 'string' || node.type !== 'scalar' || node.value === null) return []
    if (!holdsSecret(key, String(node.value))) return []
    return [errorAt(root, path, { key: 'plan.secretInline' }, { key: 'fields.secretReference' })]
  })
}

function holdsSecret(key: string, value: string): boolean {
  if (secretKey.test(key)) return !harmless.test(value)
  if (secretHeader.test(key)) return !placeholder.test(value)
  return addressWithPassword.test(value)
}
