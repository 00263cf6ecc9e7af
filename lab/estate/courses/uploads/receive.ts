import { createHash } from 'node:crypto'
import { z } from 'zod'
import { type Call, Refusal, type Reply } from '../../common/http.ts'
import type { Session } from '../../common/sessions.ts'
import type { Uploads } from './upload.ts'

const uploadBody = z.object({
  clientId: z.uuid(),
  examId: z.int().positive(),
  name: z.string().min(1).max(200),
  content: z.base64().max(48 * 1024),
})

/** 201 once it is kept, 200 when it was before. The digest lets the sender see that what is kept is what was sent. */
export async function receiveUpload(uploads: Uploads, session: Session, call: Call): Promise<Reply> {
  const { clientId, examId, name, content } = await call.body(uploadBody)
  const submittedAt = new Date().toISOString()
  const { accountId } = session
  const taken = await uploads
    .accept({ clientId, accountId, examId, name, content, submittedAt })
    .catch(refuseUnknownExam)
  const sha256 = createHash('sha256').update(Buffer.from(content, 'base64')).digest('hex')
  return { status: taken === 'new' ? 201 : 200, json: { clientId, examId, name, sha256 } }
}

function refuseUnknownExam(error: Error & { code?: string }): never {
  const foreignKeyViolation = '23503'
  if (error.code === foreignKeyViolation) throw new Refusal(422, 'no such exam')
  throw error
}
