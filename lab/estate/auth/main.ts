// The authentication service: accounts and sessions in PostgreSQL.
import { readConfiguration } from '../common/configuration.ts'
import { openPool } from '../common/database.ts'
import { serve } from '../common/serve.ts'
import { start } from '../common/start.ts'
import { authRoutes } from './routes.ts'

start(() => {
  const configuration = readConfiguration()
  const pool = openPool(configuration.database)
  serve('auth', configuration, pool, authRoutes(pool))
})
