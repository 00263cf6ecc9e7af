import type { ChangeAnswer } from '../provider.ts'

/**
 * What an API's answer comes to. BADTOKEN: it does not know who asks. FORBIDDEN: it does, and refuses. NOZONE: the zone is not
 * there for this credential. LIMITED: too many requests. REJECTED: it does not take this change. APIFAILED: it failed itself.
 * UNREACHABLE: no answer. NOTPRIMARY, SERIALSTAYS, PROXIED: the zone or record cannot be moved this way. HALFWAY: some sets
 * are changed and served, some are not. STAGED: changed and not yet served.
 */
export const apiCodes = [
  'BADTOKEN',
  'BADTIME',
  'FORBIDDEN',
  'NOZONE',
  'LIMITED',
  'REJECTED',
  'APIFAILED',
  'UNREACHABLE',
  'NOTPRIMARY',
  'SERIALSTAYS',
  'PROXIED',
  'HALFWAY',
  'STAGED',
] as const
export type ApiCode = (typeof apiCodes)[number]

/** Thrown inside a driver; outside it is its `answer`. */
export class ApiRefusal extends Error {
  readonly answer: ChangeAnswer
  constructor(code: ApiCode, detail: string) {
    super(`${code}: ${detail}`)
    this.name = 'ApiRefusal'
    this.answer = { code, detail }
  }
}

/** What a status means where an API says no more. */
export function codeOfStatus(status: number): ApiCode {
  if (status === 401) return 'BADTOKEN'
  if (status === 403) return 'FORBIDDEN'
  if (status === 404) return 'NOZONE'
  if (status === 429) return 'LIMITED'
  return status >= 500 ? 'APIFAILED' : 'REJECTED'
}

/** The work's own answer, or that of the refusal it met. Anything else that is thrown goes on. */
export async function answering(work: () => Promise<ChangeAnswer>): Promise<ChangeAnswer> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof ApiRefusal) return error.answer
    throw error
  }
}
