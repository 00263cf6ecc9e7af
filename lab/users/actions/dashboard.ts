import { type Desk, json } from '../desk.ts'
import type { Person } from '../person.ts'

export async function useDashboard(desk: Desk, person: Person): Promise<void> {
  await desk.ask(person, 'dashboard', 'summary', { method: 'GET', path: '/summary' }, answered => {
    return json(answered).counts.accounts > 0
  })
}
