import type { Pool } from 'pg'
import { askHealth } from './database.ts'
import type { Route } from './http.ts'

/** Whether the service can serve: 503 while its database does not answer. */
export const healthy = (service: string, pool: Pool): Route => ({
  method: 'GET',
  path: '/health',
  handle: async () => ({ status: 200, json: { service, status: 'ok', ...(await askHealth(pool)) } }),
})

/** Whether the program runs and what it holds, whatever its neighbours do: what can be asked of a machine that is cut off. */
export const alive = (service: string, figures: () => Record<string, string | number>): Route => ({
  method: 'GET',
  path: '/alive',
  handle: async () => ({ status: 200, json: { service, status: 'alive', ...figures() } }),
})
