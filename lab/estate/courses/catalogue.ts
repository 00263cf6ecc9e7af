import type { Pool } from 'pg'
import { type Call, Refusal, type Reply } from '../common/http.ts'
import type { Session } from '../common/sessions.ts'
import { type MediaUrls, mediaExists, mediaUrl } from './media.ts'

type CourseRow = { id: number; slug: string; title: string; summary: string; exams: number[] }
type MediaRow = { path: string; kind: string }

export async function listCourses(pool: Pool): Promise<Reply> {
  const { rows } = await pool.query({
    name: 'courses',
    text: 'SELECT id::int, slug, title FROM courses ORDER BY id',
  })
  return { status: 200, json: { courses: rows } }
}

/** With `?check=media`, each of the course's files is asked of the file server and carries `available`. */
export async function openCourse(pool: Pool, urls: MediaUrls, session: Session, call: Call): Promise<Reply> {
  const id = idOf(call.parts.id)
  const courses = await pool.query<CourseRow>({
    name: 'course',
    text: `SELECT id::int, slug, title, summary,
             ARRAY(SELECT e.id::int FROM exams e WHERE e.course_id = c.id ORDER BY e.id) AS exams
           FROM courses c WHERE id = $1`,
    values: [id],
  })
  const course = courses.rows[0]
  if (!course) throw new Refusal(404, 'no such course')
  const media = await pool.query<MediaRow>({
    name: 'media',
    text: 'SELECT path, kind FROM media WHERE course_id = $1 ORDER BY id',
    values: [id],
  })
  const progress = await pool.query<{ percent: number | null }>({
    name: 'own-progress',
    text: 'SELECT max(percent) AS percent FROM progress WHERE account_id = $1 AND course_id = $2',
    values: [session.accountId, id],
  })
  const checked = call.url.searchParams.get('check') === 'media'
  return {
    status: 200,
    json: {
      ...course,
      percent: progress.rows[0]?.percent ?? 0,
      media: await Promise.all(
        media.rows.map(async ({ path, kind }) => ({
          path,
          kind,
          url: mediaUrl(urls.publicFilesUrl, path),
          ...(checked ? { available: await mediaExists(urls.filesUrl, path) } : {}),
        })),
      ),
    },
  }
}

export function idOf(text: string | undefined): number {
  const id = Number(text)
  if (!Number.isSafeInteger(id) || id < 1) throw new Refusal(404, 'no such page')
  return id
}
