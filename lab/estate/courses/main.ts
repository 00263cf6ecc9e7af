// The course platform: courses, progress and exam answers in PostgreSQL, media on the file server.
import { readConfiguration, readUrl } from '../common/configuration.ts'
import { openPool } from '../common/database.ts'
import { serve } from '../common/serve.ts'
import { start } from '../common/start.ts'
import { courseRoutes } from './routes.ts'

start(() => {
  const configuration = readConfiguration()
  const filesUrl = readUrl('FILES_URL')
  // The name users reach the files by; the platform itself may go the short way, inside the site.
  const publicFilesUrl = process.env.FILES_PUBLIC_URL ? readUrl('FILES_PUBLIC_URL') : filesUrl
  const pool = openPool(configuration.database)
  serve('courses', configuration, pool, courseRoutes(pool, { filesUrl, publicFilesUrl }))
})
