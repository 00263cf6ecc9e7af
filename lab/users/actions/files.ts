import { mediaUrl } from '../../estate/courses/media.ts'
import { contentOf } from '../../estate/seed/content.ts'
import { treeOf } from '../../estate/seed/tree.ts'
import { type Person, pick } from '../person.ts'
import type { UserRequests } from '../user-requests.ts'

/** A file of the open course, or of the first courses for those who have none open; every byte is compared. */
export async function useFiles(requests: UserRequests, person: Person): Promise<void> {
  const path = pick(person.course?.media ?? []) ?? pick(firstFiles(requests)) ?? ''
  const content = contentOf(path, requests.size)
  // Players ask for films piece by piece.
  const partial = person.turns % 4 === 0 && content.length > 2000
  const [first, last] = partial ? [500, 1499] : [0, content.length - 1]
  const wanted = {
    method: 'GET' as const,
    path: mediaUrl('', path),
    ...(partial ? { headers: { range: `bytes=${first}-${last}` }, expected: [206] } : {}),
  }
  await requests.ask(person, 'files', partial ? 'part' : 'download', wanted, answered =>
    answered.body.equals(content.subarray(first, last + 1)),
  )
}

let kept: string[] | undefined
function firstFiles(requests: UserRequests): string[] {
  kept ??= treeOf(requests.size)
    .take(50)
    .map(entry => entry.path)
    .toArray()
  return kept
}
