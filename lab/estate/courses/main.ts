// The course platform: courses, progress and exam answers in PostgreSQL, media on the file server. With a disk of its own
// (STATE_DIRECTORY) uploads wait there until they are in PostgreSQL, and sessions are asked of the authentication service.
import { readConfiguration, readUrl } from '../common/configuration.ts'
import { openPool } from '../common/database.ts'
import { serve } from '../common/serve.ts'
import { sessionsInDatabase } from '../common/sessions.ts'
import { start } from '../common/start.ts'
import { courseRoutes } from './routes.ts'
import { sessionsAtAuth } from './sessions-at-auth.ts'
import { flushForever } from './uploads/flush.ts'
import { openSpool } from './uploads/spool.ts'
import { databaseUploads } from './uploads/upload.ts'

/** Long enough that the disk always holds something that is nowhere else. */
const secondsBetweenFlushes = 5

start(() => {
  const configuration = readConfiguration()
  const filesUrl = readUrl('FILES_URL')
  // The name users reach the files by; the platform itself may go the short way, inside the site.
  const publicFilesUrl = process.env.FILES_PUBLIC_URL ? readUrl('FILES_PUBLIC_URL') : filesUrl
  const media = { filesUrl, publicFilesUrl }
  const pool = openPool(configuration.database)
  const { stateDirectory } = configuration
  if (stateDirectory === undefined) {
    const stores = { requireSession: sessionsInDatabase(pool), uploads: databaseUploads(pool) }
    serve('courses', configuration, pool, courseRoutes(pool, media, stores))
    return
  }
  const uploads = openSpool(stateDirectory)
  const stores = { requireSession: sessionsAtAuth(readUrl('AUTH_URL')), uploads }
  serve('courses', configuration, pool, courseRoutes(pool, media, stores))
  void flushForever(uploads, pool, secondsBetweenFlushes)
})
