import type { ReadIo } from '../../../model/io.ts'
import type { ApiClient } from '../api/client.ts'
import { ApiRefusal } from '../api/refusal.ts'

type Rule = { method: string; path: string }

/** What a change may take. Adding and removing records is needed where a name gets more or fewer values. */
export const neededRules = (zone: string): Rule[] => [
  { method: 'GET', path: `/domain/zone/${zone}/record/1` },
  { method: 'PUT', path: `/domain/zone/${zone}/record/1` },
  { method: 'POST', path: `/domain/zone/${zone}/record` },
  { method: 'DELETE', path: `/domain/zone/${zone}/record/1` },
  { method: 'POST', path: `/domain/zone/${zone}/refresh` },
]

/** A consumer key says itself what it may: so a right that is wanting is found by reading. Throws ApiRefusal. */
export async function checkRights(client: ApiClient, zone: string, io: ReadIo): Promise<void> {
  const credential = (await ownCredential(client, io)) as { rules?: Rule[] } | undefined
  if (credential?.rules === undefined) return
  const missing = neededRules(zone).filter(needed => !credential.rules?.some(rule => covers(rule, needed)))
  if (missing.length > 0)
    throw new ApiRefusal('FORBIDDEN', missing.map(({ method, path }) => `${method} ${path}`).join(', '))
}

/** Undefined where even this call is not granted: then the changes themselves will tell. */
async function ownCredential(client: ApiClient, io: ReadIo): Promise<unknown> {
  try {
    return await client(io, { method: 'GET', path: '/auth/currentCredential' })
  } catch (error) {
    if (error instanceof ApiRefusal && error.answer.code === 'FORBIDDEN') return undefined
    throw error
  }
}

/** `*` in a rule stands for anything, slashes too. */
export function covers(rule: Rule, { method, path }: Rule): boolean {
  const pattern = rule.path.split('*').map(RegExp.escape).join('.*')
  return rule.method === method && new RegExp(`^${pattern}$`).test(path)
}
