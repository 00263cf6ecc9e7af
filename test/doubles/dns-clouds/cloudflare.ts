import { type ApiAnswer, type ApiCall, ApiServer, hasShape, isData } from './api-server.ts'
import { type Cloud, type ServedSet, withoutDot, zone } from './cloud.ts'

export type CloudflareRecord = {
  id: string
  name: string
  type: string
  content: string
  ttl: number
  priority?: number
  proxied: boolean
}
type Body = Partial<CloudflareRecord>

const zoneId = '023e105f4ecef8ad9ca31a8372d0c353'
const good = 'Sn3lZJTBX6kkg7OdcBUAxOO963GEIyGQqnFTOFYY'
const reader = 'Rd2kYISAW5jjf6NcbATzwNN852FDHxFPpmESNEXX'
/** Deletes, patches, puts and posts of one batch, on a free plan. */
const batchLimit = 200

/**
 * Cloudflare's API, v4, as https://developers.cloudflare.com/api/ describes it: an envelope around each answer, records by id,
 * and a batch that is carried out whole or not at all.
 */
export async function openCloudflare(): Promise<Cloud & { records: CloudflareRecord[] }> {
  const records: CloudflareRecord[] = []
  const server = new ApiServer(call => answerTo(call, records))
  const endpoint = `${await server.listen()}/client/v4`
  const update = (token: string) => ({ provider: 'cloudflare', endpoint, token })
  return {
    server,
    records,
    update: update('env:CF_TOKEN'),
    wrongSecret: update('env:CF_WRONG'),
    withoutRight: update('env:CF_READER'),
    secrets: {
      'env:CF_TOKEN': good,
      'env:CF_READER': reader,
      'env:CF_WRONG': 'Qw1jXHRZV4iie5MbaZSyvMM741ECGwEOolDRMDWW',
    },
    sets: () => servedSets(records),
    put({ name, type, ttlSeconds: ttl, data }) {
      const others = records.filter(record => record.name !== name || record.type !== type)
      const own = data.map(value => ({
        id: newId(),
        name,
        type,
        ...contentOf(type, value),
        ttl,
        proxied: false,
      }))
      records.splice(0, records.length, ...others, ...own)
    },
    limited: seconds => ({
      ...failure(
        429,
        10100,
        'More than 1200 requests per 300 seconds reached. Please wait and consider throttling your request speed',
      ),
      headers: { 'retry-after': String(seconds) },
    }),
  }
}

function answerTo(call: ApiCall, records: CloudflareRecord[]): ApiAnswer {
  const token = /^Bearer (\S+)$/.exec(call.headers.authorization ?? '')?.[1]
  if (token === undefined)
    return failure(400, 6003, 'Invalid request headers', [
      { code: 6111, message: 'Invalid format for Authorization header' },
    ])
  if (![good, reader].includes(token)) return failure(403, 9109, 'Invalid access token')
  const path = call.path.replace(/^\/client\/v4/, '')
  if (call.method === 'GET' && path === '/zones') {
    const zones =
      call.query.get('name') === zone ? [{ id: zoneId, name: zone, status: 'active', type: 'full' }] : []
    return listed(call, zones)
  }
  const base = `/zones/${zoneId}/dns_records`
  if (call.method === 'GET' && path === base) {
    const [name, type] = [call.query.get('name.exact'), call.query.get('type')]
    return listed(
      call,
      records.filter(record => record.name === name && record.type === type),
    )
  }
  if (call.method === 'POST' && path === `${base}/batch`)
    return token === reader ? failure(403, 10000, 'Authentication error') : batch(call, records)
  return failure(404, 7003, `Could not route to ${path}, perhaps your object identifier is invalid?`)
}

/** Five to a page whatever is asked, so that pages are turned. */
function listed({ query }: ApiCall, found: unknown[]): ApiAnswer {
  const [page, per_page] = [Number(query.get('page') ?? 1), Math.min(5, Number(query.get('per_page') ?? 100))]
  const result = found.slice((page - 1) * per_page, page * per_page)
  const total_pages = Math.ceil(found.length / per_page)
  const result_info = { page, per_page, count: result.length, total_count: found.length, total_pages }
  return { status: 200, body: { success: true, errors: [], messages: [], result, result_info } }
}

function batch(call: ApiCall, records: CloudflareRecord[]): ApiAnswer {
  const body = call.body()
  if (!hasShape(body, [], ['deletes', 'patches', 'puts', 'posts']))
    return failure(400, 9207, 'Request body is invalid.')
  const { deletes = [], patches = [], posts = [] } = body as Record<string, Body[]>
  if (deletes.length + patches.length + posts.length > batchLimit)
    return failure(400, 81113, 'Too many operations.')
  const after = structuredClone(records)
  for (const { id } of deletes) {
    const at = after.findIndex(record => record.id === id)
    if (at === -1) return failure(404, 81044, 'Record does not exist.')
    after.splice(at, 1)
  }
  for (const patch of patches) {
    const found = after.find(({ id }) => id === patch.id)
    if (!found) return failure(404, 81044, 'Record does not exist.')
    const refusal = refusalOf(patch, ['id', 'name', 'type', 'content', 'ttl'], after)
    if (refusal) return refusal
    Object.assign(found, patch)
  }
  for (const post of posts) {
    const refusal = refusalOf(post, ['name', 'type', 'content', 'ttl'], after)
    if (refusal) return refusal
    after.push({ proxied: false, ...post, id: newId() } as CloudflareRecord)
  }
  records.splice(0, records.length, ...after)
  return {
    status: 200,
    body: { success: true, errors: [], messages: [], result: { deletes, patches, posts } },
  }
}

function refusalOf(body: Body, needed: string[], after: CloudflareRecord[]): ApiAnswer | undefined {
  const { type = '', content = '', ttl = 1, priority, id, name } = body
  if (!hasShape(body, needed, ['priority', 'proxied'])) return failure(400, 9207, 'Request body is invalid.')
  if (ttl !== 1 && (ttl < 60 || ttl > 86_400))
    return failure(400, 1004, 'DNS Validation Error', [
      { code: 9021, message: 'TTL must be between 60 and 86400 seconds, or 1 for Automatic.' },
    ])
  const data = type === 'MX' ? `${priority} ${content}` : content
  if (!isData(type, data) || content.endsWith('.'))
    return failure(400, 1004, 'DNS Validation Error', [
      { code: 9005, message: `Content for ${type} record is invalid.` },
    ])
  const isTwice = after.some(
    one => one.id !== id && one.name === name && one.type === type && one.content === content,
  )
  return isTwice ? failure(400, 81058, 'An identical record already exists.') : undefined
}

const failure = (status: number, code: number, message: string, error_chain?: object[]): ApiAnswer => ({
  status,
  body: {
    success: false,
    errors: [{ code, message, ...(error_chain ? { error_chain } : {}) }],
    messages: [],
    result: null,
  },
})

let lastId = 0
const newId = () => (++lastId).toString(16).padStart(32, '372e67954025e0ba6aaa6d586b9e0b59'.slice(0, 24))

function contentOf(type: string, data: string): { content: string; priority?: number } {
  if (type !== 'MX') return { content: data }
  const [priority, content = ''] = data.split(' ')
  return { content, priority: Number(priority) }
}

function servedSets(records: CloudflareRecord[]): ServedSet[] {
  const sets = new Map<string, ServedSet>()
  for (const { name, type, content, ttl, priority, proxied } of records) {
    const set = sets.get(`${name} ${type}`) ?? { name, type, ttlSeconds: ttl === 1 ? 300 : ttl, data: [] }
    const data = type === 'MX' ? `${priority} ${withoutDot(content)}` : content
    set.data = [...set.data, proxied ? '104.16.132.229' : data].sort()
    sets.set(`${name} ${type}`, set)
  }
  return [...sets.values()]
}
