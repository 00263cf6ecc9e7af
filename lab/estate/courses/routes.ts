import type { Pool } from 'pg'
import { askHealth } from '../common/database.ts'
import type { Route } from '../common/http.ts'
import { listCourses, openCourse } from './catalogue.ts'
import type { MediaUrls } from './media.ts'
import { readAnswer, recordAnswer, recordProgress } from './writes.ts'

/** The list is the public catalogue; everything else asks for a session. */
export function courseRoutes(pool: Pool, media: MediaUrls): Route[] {
  return [
    {
      method: 'GET',
      path: '/health',
      handle: async () => ({
        status: 200,
        json: { service: 'courses', status: 'ok', ...(await askHealth(pool)) },
      }),
    },
    { method: 'GET', path: '/courses', handle: async () => listCourses(pool) },
    { method: 'GET', path: '/courses/:id', handle: async call => openCourse(pool, media, call) },
    { method: 'POST', path: '/progress', handle: async call => recordProgress(pool, call) },
    { method: 'POST', path: '/answers', handle: async call => recordAnswer(pool, call) },
    { method: 'GET', path: '/answers/:id', handle: async call => readAnswer(pool, call) },
  ]
}
