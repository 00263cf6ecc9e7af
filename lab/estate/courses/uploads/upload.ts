import type { Pool } from 'pg'

/** A file handed in with an exam. */
export type Upload = {
  /** The client's own id: what makes it arrive once, however often it is sent or moved on. */
  clientId: string
  accountId: number
  examId: number
  name: string
  /** Base64. */
  content: string
  submittedAt: string
}

export type Uploads = {
  /** `new` or `kept` (seen before) once it will outlive this program. Throws a Refusal when it cannot be taken. */
  accept(upload: Upload): Promise<'new' | 'kept'>
  figures(): Record<string, number>
}

/** Into the database, once. Throws PostgreSQL's 23503 when there is no such exam or account. */
export async function insertUpload(pool: Pool, upload: Upload): Promise<'new' | 'kept'> {
  const { clientId, accountId, examId, name, content, submittedAt } = upload
  const { rowCount } = await pool.query({
    name: 'upload-insert',
    text: `INSERT INTO uploads (client_id, account_id, exam_id, name, content, submitted_at)
           VALUES ($1, $2, $3, $4, decode($5, 'base64'), $6) ON CONFLICT (account_id, client_id) DO NOTHING`,
    values: [clientId, accountId, examId, name, content, submittedAt],
  })
  return rowCount === 1 ? 'new' : 'kept'
}

export const databaseUploads = (pool: Pool): Uploads => ({
  accept: upload => insertUpload(pool, upload),
  figures: () => ({}),
})
