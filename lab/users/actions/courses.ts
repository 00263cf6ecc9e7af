import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { type Person, pick, type Write } from '../person.ts'
import { json, type UserRequests } from '../user-requests.ts'

const uploadBytes = 2048

/** Lists, opens a course, then learns: progress, answers and files handed in; answers are read back now and then. */
export async function useCourses(requests: UserRequests, person: Person): Promise<void> {
  const token = person.session?.token ?? ''
  if (person.pending) return send(requests, person, person.pending, token)
  if (person.toReadBack) return readBack(requests, person, token)
  if (person.courseIds.length === 0) return list(requests, person)
  if (!person.course || person.turns % 8 === 0) return open(requests, person, token)
  person.pending = nextWrite(person)
  return send(requests, person, person.pending, token)
}

async function list(requests: UserRequests, person: Person): Promise<void> {
  const answered = await requests.ask(
    person,
    'courses',
    'list',
    { method: 'GET', path: '/courses' },
    answer => {
      return json(answer).courses.length > 0
    },
  )
  if (answered.outcome === 'ok')
    person.courseIds = json(answered).courses.map((course: { id: number }) => course.id)
}

async function open(requests: UserRequests, person: Person, token: string): Promise<void> {
  const id = pick(person.courseIds)
  const wanted = { method: 'GET' as const, path: `/courses/${id}`, token }
  const answered = await requests.ask(person, 'courses', 'open', wanted, answer => json(answer).id === id)
  if (answered.outcome !== 'ok') return
  const { exams, media } = json(answered)
  const paths = media.map((file: { path: string }) => file.path)
  person.course = { id: Number(id), exams, media: paths }
}

function nextWrite(person: Person): Write {
  const clientId = randomUUID()
  const courseId = person.course?.id ?? 1
  const examId = pick(person.course?.exams ?? [])
  if (examId === undefined || person.turns % 3 === 0) {
    const body = { clientId, courseId, lesson: 1 + (person.turns % 40), percent: person.turns % 101 }
    return { table: 'progress', path: '/progress', body, attempts: 0 }
  }
  if (person.turns % 3 === 1) return newUpload(clientId, examId)
  const body = {
    clientId,
    examId,
    question: 1 + (person.turns % 20),
    answer: `Réponse du tour ${person.turns}`,
  }
  return { table: 'answers', path: '/answers', body, attempts: 0 }
}

/** A small file, whose digest the platform must say back. */
function newUpload(clientId: string, examId: number): Write {
  const content = randomBytes(uploadBytes)
  const what = { clientId, examId, name: 'Pièce jointe.bin' }
  const sha256 = createHash('sha256').update(content).digest('hex')
  return {
    table: 'uploads',
    path: '/uploads',
    body: { ...what, content: content.toString('base64') },
    acknowledgement: { ...what, sha256 },
    attempts: 0,
  }
}

/** The attempt is in the ledger before the request leaves; the acknowledgement as soon as it is here. */
async function send(requests: UserRequests, person: Person, write: Write, token: string): Promise<void> {
  const { table, path, body } = write
  const { clientId } = body
  const what = { user: person.number, table, clientId }
  write.attempts += 1
  if (write.attempts === 1) requests.summary.attempted += 1
  requests.write({ kind: 'attempt', at: new Date().toISOString(), ...what, attempt: write.attempts })
  const wanted = { method: 'POST' as const, path, token, json: body, expected: [200, 201] }
  const answered = await requests.ask(person, 'courses', table, wanted, answer =>
    keeps(json(answer), write.acknowledgement ?? body),
  )
  // A refusal for good is no acknowledgement; it stands in the ledger as an error and is not tried again.
  if (answered.outcome === 'error-status' || answered.outcome === 'wrong-content') person.pending = undefined
  if (answered.outcome !== 'ok') return
  const { id } = json(answered)
  const rowId = typeof id === 'number' ? { rowId: id } : {}
  const site = answered.site === undefined ? {} : { site: answered.site }
  const repeated = answered.status === 200
  requests.write({ kind: 'acknowledged', at: new Date().toISOString(), ...what, ...rowId, repeated, ...site })
  requests.summary.acknowledged += 1
  person.pending = undefined
  if (typeof body.answer === 'string') person.toReadBack = { id, answer: body.answer }
}

const keeps = (row: Record<string, unknown>, sent: Record<string, unknown>) =>
  Object.entries(sent).every(([name, value]) => row[name] === value)

/** What was acknowledged can be read: 404 here is a lost answer, seen at once. */
async function readBack(requests: UserRequests, person: Person, token: string): Promise<void> {
  const { id, answer } = person.toReadBack ?? { id: 0, answer: '' }
  const wanted = { method: 'GET' as const, path: `/answers/${id}`, token }
  const answered = await requests.ask(
    person,
    'courses',
    'read-back',
    wanted,
    found => json(found).answer === answer,
  )
  if (answered.status === 200 || answered.status === 404) person.toReadBack = undefined
}
