import type { Pool } from 'pg'
import { z } from 'zod'
import { type Call, Refusal, type Reply } from '../common/http.ts'
import type { Session } from '../common/sessions.ts'
import { idOf } from './catalogue.ts'

const id = z.int().positive()
const answerBody = z.object({
  clientId: z.uuid(),
  examId: id,
  question: z.int().min(1).max(200),
  answer: z.string().max(4000),
})
const progressBody = z.object({
  clientId: z.uuid(),
  courseId: id,
  lesson: z.int().min(1).max(1000),
  percent: z.int().min(0).max(100),
})

const answerColumns = `id::int, client_id AS "clientId", account_id::int AS "accountId", exam_id::int AS "examId",
  question, answer, submitted_at AS "submittedAt"`
const progressColumns = `id::int, client_id AS "clientId", account_id::int AS "accountId",
  course_id::int AS "courseId", lesson, percent, recorded_at AS "recordedAt"`

type Written = { id: number; clientId: string; accountId: number }

export async function recordAnswer(pool: Pool, session: Session, call: Call): Promise<Reply> {
  const { clientId, examId, question, answer } = await call.body(answerBody)
  return writeOnce(pool, session.accountId, clientId, {
    name: 'answer',
    insert: `INSERT INTO answers (client_id, account_id, exam_id, question, answer) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (client_id) DO NOTHING RETURNING ${answerColumns}`,
    values: [examId, question, answer],
    select: `SELECT ${answerColumns} FROM answers WHERE client_id = $1`,
  })
}

export async function recordProgress(pool: Pool, session: Session, call: Call): Promise<Reply> {
  const { clientId, courseId, lesson, percent } = await call.body(progressBody)
  return writeOnce(pool, session.accountId, clientId, {
    name: 'progress',
    insert: `INSERT INTO progress (client_id, account_id, course_id, lesson, percent) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (client_id) DO NOTHING RETURNING ${progressColumns}`,
    values: [courseId, lesson, percent],
    select: `SELECT ${progressColumns} FROM progress WHERE client_id = $1`,
  })
}

type Write = { name: string; insert: string; values: (string | number)[]; select: string }

/**
 * 201 with the row once it is committed (one statement is its own transaction: its result comes after COMMIT);
 * 200 with the row that was kept when this clientId has been seen; 409 when it is another account's.
 */
async function writeOnce(pool: Pool, accountId: number, clientId: string, write: Write): Promise<Reply> {
  const values = [clientId, accountId, ...write.values]
  const inserted = await pool
    .query<Written>({ name: `${write.name}-insert`, text: write.insert, values })
    .catch(refuseUnknownReference)
  if (inserted.rows[0]) return { status: 201, json: inserted.rows[0] }
  const kept = await pool.query<Written>({
    name: `${write.name}-kept`,
    text: write.select,
    values: [clientId],
  })
  const row = kept.rows[0]
  if (!row || row.accountId !== accountId) throw new Refusal(409, 'clientId already used')
  return { status: 200, json: row }
}

function refuseUnknownReference(error: Error & { code?: string }): never {
  const foreignKeyViolation = '23503'
  if (error.code === foreignKeyViolation) throw new Refusal(422, 'no such course or exam')
  throw error
}

/** Trainers read every answer, others their own. */
export async function readAnswer(pool: Pool, session: Session, call: Call): Promise<Reply> {
  const { rows } = await pool.query<Written>({
    name: 'answer-read',
    text: `SELECT ${answerColumns} FROM answers WHERE id = $1`,
    values: [idOf(call.parts.id)],
  })
  const row = rows[0]
  if (!row || (row.accountId !== session.accountId && session.role !== 'trainer'))
    throw new Refusal(404, 'no such answer')
  return { status: 200, json: row }
}
