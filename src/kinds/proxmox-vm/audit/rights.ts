import type { ReadPve } from '../client/read.ts'
import type { MissingRight } from '../facts.ts'
import type { Right } from '../rights.ts'

/** Of each right wanted, the privileges that the token has not; omitted where it has all. */
export async function missingRights(pve: ReadPve, wanted: readonly Right[]): Promise<MissingRight[]> {
  const paths = [...new Set(wanted.map(({ path }) => path))]
  const held = new Map<string, Set<string>>()
  for (const path of paths) held.set(path, await heldAt(pve, path))
  return wanted
    .map(right => ({
      ...right,
      wanted: wanted.filter(({ path }) => path === right.path).flatMap(({ privileges }) => privileges),
      privileges: right.privileges.filter(privilege => !held.get(right.path)?.has(privilege)),
    }))
    .filter(({ privileges }) => privileges.length > 0)
}

/** PVE answers with the path and what holds there, whether it was given there or above. */
async function heldAt(pve: ReadPve, path: string): Promise<Set<string>> {
  const answer = await pve.permissions(path)
  return new Set(Object.keys(answer[path] ?? {}))
}
