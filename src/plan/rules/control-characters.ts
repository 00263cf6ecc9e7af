import type { Path, PlanError } from '../error.ts'
import type { PlanNode } from '../node.ts'
import { nodeAt, nodesBelow, textOf } from '../node.ts'
import { errorAt } from './rule.ts'

/** What a service is sent or answers: any JSON value. It is never a part of a line, a file or a command. */
const anyText = 'json'
const control = /\p{Cc}/u

/**
 * No text of a component, whatever its kind, may hold a line break or another control character: much of it becomes a line of a
 * configuration file, a script or an argument, where a second line would be read as one of its own.
 */
export function controlCharacters(root: PlanNode): PlanError[] {
  return nodesBelow(nodeAt(root, 'components'), ['components'])
    .filter(({ path }) => !path.includes(anyText))
    .flatMap(({ path, node }) => [
      ...wrong(root, path, String(path.at(-1))),
      ...wrong(root, path, textOf(node) ?? ''),
    ])
}

function wrong(root: PlanNode, path: Path, text: string): PlanError[] {
  const character = control.exec(text)?.[0]
  if (character === undefined) return []
  const code = `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`
  return [
    errorAt(root, path, { key: 'plan.controlCharacter', values: { code } }, { key: 'plan.expected.line' }),
  ]
}
