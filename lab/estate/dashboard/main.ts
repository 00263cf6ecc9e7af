// The internal dashboard: what the database counts and how auth and courses are doing.
import { readConfiguration, readUrl } from '../common/configuration.ts'
import { openPool } from '../common/database.ts'
import { serve } from '../common/serve.ts'
import { start } from '../common/start.ts'
import { dashboardRoutes } from './routes.ts'

start(() => {
  const configuration = readConfiguration()
  const services = { auth: readUrl('AUTH_URL'), courses: readUrl('COURSES_URL') }
  const pool = openPool(configuration.database)
  serve('dashboard', configuration, pool, dashboardRoutes(pool, configuration.site, services))
})
