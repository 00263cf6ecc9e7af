import { testEmail, testPassword } from '../estate/seed/accounts.ts'
import type { WrittenTable } from './ledger.ts'

export type Write = {
  table: WrittenTable
  path: '/answers' | '/progress' | '/uploads'
  body: { clientId: string } & Record<string, string | number>
  /** What the acknowledgement must say; left out, the body itself. */
  acknowledgement?: Record<string, string | number>
  attempts: number
}
export type Session = { token: string; openedAt: string; openedSite?: string; carried: boolean }

/** Someone learning: what they know from the pages they have opened so far. */
export type Person = {
  number: number
  email: string
  password: string
  session: Session | undefined
  courseIds: number[]
  course: { id: number; exams: number[]; media: string[] } | undefined
  /** Not acknowledged yet: it is what they send next, with the same clientId, however often it takes. */
  pending: Write | undefined
  /** The answer acknowledged last, still to be read back. */
  toReadBack: { id: number; answer: string } | undefined
  turns: number
}

export function newPerson(number: number): Person {
  return {
    number,
    email: testEmail(number),
    password: testPassword(number),
    session: undefined,
    courseIds: [],
    course: undefined,
    pending: undefined,
    toReadBack: undefined,
    turns: 0,
  }
}

export const pick = <Item>(items: readonly Item[]): Item | undefined =>
  items[Math.floor(Math.random() * items.length)]
