import type { Pool } from 'pg'
import { alive, healthy } from '../common/health.ts'
import type { Call, Reply, Route } from '../common/http.ts'
import type { RequireSession, Session } from '../common/sessions.ts'
import { listCourses, openCourse } from './catalogue.ts'
import type { MediaUrls } from './media.ts'
import { receiveUpload } from './uploads/receive.ts'
import type { Uploads } from './uploads/upload.ts'
import { readAnswer, recordAnswer, recordProgress } from './writes.ts'

type Stores = { requireSession: RequireSession; uploads: Uploads }

/** The list is the public catalogue; everything else asks for a session. */
export function courseRoutes(pool: Pool, media: MediaUrls, { requireSession, uploads }: Stores): Route[] {
  const withSession = (handle: (session: Session, call: Call) => Promise<Reply>) => async (call: Call) =>
    handle(await requireSession(call), call)
  const get = (path: string, handle: Route['handle']): Route => ({ method: 'GET', path, handle })
  const post = (path: string, handle: Route['handle']): Route => ({ method: 'POST', path, handle })
  return [
    healthy('courses', pool),
    alive('courses', uploads.figures),
    get('/courses', async () => listCourses(pool)),
    get(
      '/courses/:id',
      withSession((session, call) => openCourse(pool, media, session, call)),
    ),
    post(
      '/progress',
      withSession((session, call) => recordProgress(pool, session, call)),
    ),
    post(
      '/answers',
      withSession((session, call) => recordAnswer(pool, session, call)),
    ),
    get(
      '/answers/:id',
      withSession((session, call) => readAnswer(pool, session, call)),
    ),
    post(
      '/uploads',
      withSession((session, call) => receiveUpload(uploads, session, call)),
    ),
  ]
}
