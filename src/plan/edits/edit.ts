import type { Path } from '../error.ts'
import { append } from './append.ts'
import { put } from './put.ts'
import { remove } from './remove.ts'
import type { Value } from './source-text.ts'

/**
 * One change of a plan's file. `put`: in place of what stands there; where nothing does, it is made, after its neighbour `after`.
 * `append`: at the end of a list.
 */
export type Edit =
  | { path: Path; put: Value; after?: string }
  | { path: Path; append: Value }
  | { path: Path; remove: true }

/**
 * The text after the edits: whatever they do not name is left as it was, to the byte, and no comment is lost. Undefined when one
 * cannot be made so: it would go through an alias, or what is replaced has comments in it or an anchor.
 */
export function applyEdits(text: string, edits: readonly Edit[]): string | undefined {
  return edits.reduce<string | undefined>((before, edit) => before && applyEdit(before, edit), text)
}

function applyEdit(text: string, edit: Edit): string | undefined {
  if ('put' in edit) return put(text, edit.path, edit.put, edit.after)
  return 'append' in edit ? append(text, edit.path, edit.append) : remove(text, edit.path)
}
