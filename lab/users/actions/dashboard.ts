import type { Person } from '../person.ts'
import { json, type UserRequests } from '../user-requests.ts'

export async function useDashboard(requests: UserRequests, person: Person): Promise<void> {
  await requests.ask(person, 'dashboard', 'summary', { method: 'GET', path: '/summary' }, answered => {
    return json(answered).counts.accounts > 0
  })
}
