import type { IncomingMessage } from 'node:http'
import { Refusal } from '../../machines/refusal.ts'
import type { Given } from '../parameters/verify.ts'

/** PVE's own limit for all that is not an upload. */
const limitBytes = 512 * 1024
/** Of an upload only the fields before the file are read. */
const uploadHeadBytes = 64 * 1024

/** The parameters beside those of the path: of the query for GET and DELETE, else of the body. */
export async function readParameters(request: IncomingMessage, url: URL): Promise<Given> {
  const withBody = request.method === 'POST' || request.method === 'PUT'
  if (!withBody) {
    if (Number(request.headers['content-length'] ?? 0) > 0)
      throw new Refusal(`Unexpected content for method '${request.method}'`, { status: 501 })
    return fromPairs(url.searchParams)
  }
  const type = request.headers['content-type'] ?? ''
  if (type.startsWith('multipart/form-data')) return fromForm(await readStart(request, uploadHeadBytes))
  const body = await readWhole(request)
  if (type.startsWith('application/json')) return fromJson(body)
  return fromPairs(new URLSearchParams(body))
}

async function readWhole(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    bytes += chunk.length
    if (bytes > limitBytes) throw new Refusal('for data too large', { status: 501 })
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

async function readStart(request: IncomingMessage, wantedBytes: number): Promise<string> {
  let start = Buffer.alloc(0)
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    start = Buffer.concat([start, chunk])
    if (start.length >= wantedBytes) break
  }
  request.resume() // the rest is read and forgotten, so that the client hears the answer
  return start.toString('latin1')
}

/** A name that comes several times is a list. */
export function fromPairs(pairs: Iterable<[string, string]>): Given {
  const given: Given = {}
  for (const [name, value] of pairs) {
    const earlier = given[name]
    given[name] = earlier === undefined ? value : [...(Array.isArray(earlier) ? earlier : [earlier]), value]
  }
  return given
}

function fromForm(text: string): Given {
  const field = /name="([^"]+)"(; filename="([^"]*)")?\r\n(?:[^\r\n]+\r\n)*\r\n([^\r\n]*)/g
  return fromPairs(
    [...text.matchAll(field)].map(([, name = '', isFile, file = '', value = '']) => [
      name,
      isFile ? file : value,
    ]),
  )
}

function fromJson(body: string): Given {
  if (body.trim() === '') return {}
  const parsed = parse(body)
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new Refusal('malformed JSON request body', { status: 400 })
  return Object.fromEntries(
    Object.entries(parsed)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => [name, Array.isArray(value) ? value.map(asText) : asText(value)]),
  )
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    throw new Refusal('malformed JSON request body', { status: 400 })
  }
}

const asText = (value: unknown): string => {
  if (typeof value === 'boolean') return value ? '1' : '0'
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
