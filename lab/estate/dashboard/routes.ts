import type { Pool } from 'pg'
import { askHealth } from '../common/database.ts'
import type { Route } from '../common/http.ts'
import { page } from './page.ts'
import { type Services, summaryReader } from './summary.ts'

export function dashboardRoutes(pool: Pool, site: string, services: Services): Route[] {
  const summary = summaryReader(pool, site, services)
  return [
    {
      method: 'GET',
      path: '/health',
      handle: async () => ({
        status: 200,
        json: { service: 'dashboard', status: 'ok', ...(await askHealth(pool)) },
      }),
    },
    { method: 'GET', path: '/summary', handle: async () => ({ status: 200, json: await summary() }) },
    { method: 'GET', path: '/', handle: async () => ({ status: 200, html: page(await summary()) }) },
  ]
}
