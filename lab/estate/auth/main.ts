// The authentication service: accounts in PostgreSQL; sessions there too, or on this machine's disk (STATE_DIRECTORY).
import { readConfiguration } from '../common/configuration.ts'
import { openPool } from '../common/database.ts'
import { serve } from '../common/serve.ts'
import { start } from '../common/start.ts'
import { authRoutes } from './routes.ts'
import { databaseSessions } from './sessions.ts'
import { diskSessions } from './sessions-on-disk.ts'

start(() => {
  const configuration = readConfiguration()
  const { stateDirectory } = configuration
  const pool = openPool(configuration.database)
  const sessions = stateDirectory === undefined ? databaseSessions(pool) : diskSessions(stateDirectory, pool)
  serve('auth', configuration, pool, authRoutes(pool, sessions))
})
