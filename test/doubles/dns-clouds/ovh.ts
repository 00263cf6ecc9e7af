import { createHash } from 'node:crypto'
import { type ApiAnswer, type ApiCall, ApiServer, hasShape, isData } from './api-server.ts'
import { asServed, type Cloud, type ServedSet, written, zone } from './cloud.ts'

type Rule = { method: string; path: string }
type OvhRecord = {
  id: number
  zone: string
  subDomain: string
  fieldType: string
  target: string
  ttl: number
}

const applicationKey = 'TDPKJdwZwAQPwKX2'
const applicationSecret = '9ufkBmLaTQ9nz5yMUlg79taH0GNnzDjk'
/** Its clock is an hour ahead; a request that is three minutes off is refused. */
const aheadSeconds = 3600
const toleranceSeconds = 180
const defaultTtl = 3600

const all = ['GET', 'POST', 'PUT', 'DELETE'].map(method => ({ method, path: `/domain/zone/${zone}*` }))
const consumers: Record<string, Rule[]> = {
  '5mBuy6SUQcRw2ZUxg0cG68BoDKpED4KY': [{ method: 'GET', path: '/auth/*' }, ...all],
  '7nCuz7TVRdSx3aVyh1dH79CpELqFE5LZ': [{ method: 'GET', path: '/*' }],
}
const [good = '', reader = ''] = Object.keys(consumers)

/**
 * OVHcloud's API, 1.0, as its console at eu.api.ovh.com describes it and as its own clients sign: records by number under
 * /domain/zone/{zone}/record, served only after POST /domain/zone/{zone}/refresh.
 */
export async function openOvh(): Promise<Cloud & { records: Map<number, OvhRecord>; refresh(): void }> {
  const held = new Map<number, OvhRecord>()
  let public_: OvhRecord[] = []
  const refresh = () => {
    public_ = structuredClone([...held.values()])
  }
  let base = ''
  const server = new ApiServer(call => answerTo(call, `${base}${call.target}`, held, refresh))
  base = await server.listen()
  let lastId = 5_000_000_000
  const update = (secret: string, consumerKey: string) => ({
    provider: 'ovh',
    endpoint: `${base}/1.0`,
    applicationKey,
    applicationSecret: secret,
    consumerKey,
  })
  return {
    server,
    records: held,
    refresh,
    update: update('env:OVH_AS', 'env:OVH_CK'),
    wrongSecret: update('env:OVH_WRONG', 'env:OVH_CK'),
    withoutRight: update('env:OVH_AS', 'env:OVH_READER'),
    secrets: {
      'env:OVH_AS': applicationSecret,
      'env:OVH_CK': good,
      'env:OVH_READER': reader,
      'env:OVH_WRONG': 'notTheSecretOfThisApplication000',
    },
    sets: () => servedSets(public_),
    put({ name, type, ttlSeconds, data }) {
      const subDomain = name === zone ? '' : name.slice(0, -zone.length - 1)
      for (const [id, record] of held)
        if (record.subDomain === subDomain && record.fieldType === type) held.delete(id)
      for (const value of data) {
        const id = ++lastId
        held.set(id, { id, zone, subDomain, fieldType: type, target: written(type, value), ttl: ttlSeconds })
      }
      refresh()
    },
    limited: seconds => ({
      ...failure(429, 'TOO_MANY_REQUESTS', 'Too many requests'),
      headers: { 'retry-after': String(seconds) },
    }),
  }
}

function answerTo(call: ApiCall, url: string, held: Map<number, OvhRecord>, refresh: () => void): ApiAnswer {
  const path = call.path.replace(/^\/1\.0/, '')
  if (path === '/auth/time') return { status: 200, body: clock() }
  const refusal = refusalOf(call, path, url)
  if (refusal) return refusal
  if (path === '/auth/currentCredential')
    return {
      status: 200,
      body: { status: 'validated', rules: consumers[call.headers['x-ovh-consumer'] ?? ''] },
    }
  const [, name, rest = ''] = /^\/domain\/zone\/([^/]+)(\/.*)?$/.exec(path) ?? []
  if (name !== zone)
    return { status: 404, body: { class: 'Client::NotFound', message: 'This service does not exist' } }
  const [, id] = /^\/record\/(\d+)$/.exec(rest) ?? []
  const found = held.get(Number(id))
  if (id !== undefined && !found)
    return {
      status: 404,
      body: { class: 'Client::NotFound', message: `The requested object (id = ${id}) does not exist` },
    }
  switch (`${call.method} ${id === undefined ? rest : '/record/id'}`) {
    case 'GET ':
      return {
        status: 200,
        body: { name, nameServers: ['dns1.ovh.example', 'ns1.ovh.example'], dnssecSupported: true },
      }
    case 'GET /soa':
      return { status: 200, body: { server: 'dns1.ovh.example', ttl: defaultTtl, nxDomainTtl: 300 } }
    case 'GET /record':
      return { status: 200, body: numbersOf(call, held) }
    case 'GET /record/id':
      return { status: 200, body: found }
    case 'POST /refresh':
      refresh()
      return { status: 200, body: null }
    case 'POST /record':
      return create(call, held)
    case 'PUT /record/id':
      return replace(call, found as OvhRecord)
    case 'DELETE /record/id':
      held.delete(Number(id))
      return { status: 200, body: null }
    default:
      return { status: 404, body: { class: 'Client::NotFound', message: 'Got an invalid (or empty) URL' } }
  }
}

/** Written here anew from the description of the signature, so that the program's own is judged by another. */
function refusalOf({ method, headers, text }: ApiCall, path: string, url: string): ApiAnswer | undefined {
  const [timestamp, consumer] = [headers['x-ovh-timestamp'] ?? '', headers['x-ovh-consumer'] ?? '']
  if (headers['x-ovh-application'] !== applicationKey)
    return failure(403, 'INVALID_KEY', 'This application key is invalid')
  const rules = consumers[consumer]
  if (rules === undefined) return failure(403, 'INVALID_CREDENTIAL', 'This credential is not valid')
  if (!(Math.abs(Number(timestamp) - clock()) < toleranceSeconds))
    return failure(400, 'QUERY_TIME_OUT', 'Query out of time')
  const digest = createHash('sha1')
    .update(`${applicationSecret}+${consumer}+${method}+${url}+${text}+${timestamp}`)
    .digest('hex')
  if (headers['x-ovh-signature'] !== `$1$${digest}`)
    return failure(400, 'INVALID_SIGNATURE', 'Invalid signature')
  const granted = rules.some(rule => rule.method === method && path.startsWith(rule.path.replace('*', '')))
  return granted ? undefined : failure(403, 'NOT_GRANTED_CALL', 'This call has not been granted')
}

function numbersOf({ query }: ApiCall, held: Map<number, OvhRecord>): number[] {
  const asked = (key: 'fieldType' | 'subDomain', record: OvhRecord) =>
    !query.has(key) || query.get(key) === record[key]
  return [...held.values()]
    .filter(record => asked('fieldType', record) && asked('subDomain', record))
    .map(({ id }) => id)
}

function create(call: ApiCall, held: Map<number, OvhRecord>): ApiAnswer {
  const body = call.body()
  if (!hasShape(body, ['fieldType', 'target'], ['subDomain', 'ttl']))
    return wrongBody('unknown or missing parameter')
  const { subDomain = '', ttl = 0, fieldType, target } = body as OvhRecord
  if (!isRight(fieldType, target, ttl)) return wrongBody(`Invalid target or ttl for ${fieldType}`)
  const id = 6_000_000_000 + held.size + Math.max(0, ...held.keys())
  const record = { id, zone, subDomain, fieldType, target, ttl }
  held.set(id, record)
  return { status: 200, body: record }
}

function replace(call: ApiCall, record: OvhRecord): ApiAnswer {
  const body = call.body()
  if (!hasShape(body, [], ['subDomain', 'target', 'ttl'])) return wrongBody('unknown parameter')
  const {
    subDomain = record.subDomain,
    target = record.target,
    ttl = record.ttl,
  } = body as Partial<OvhRecord>
  if (!isRight(record.fieldType, target, ttl))
    return wrongBody(`Invalid target or ttl for ${record.fieldType}`)
  Object.assign(record, { subDomain, target, ttl })
  return { status: 200, body: null }
}

const dnsType = (fieldType: string) => (['SPF', 'DKIM', 'DMARC'].includes(fieldType) ? 'TXT' : fieldType)
const isRight = (fieldType: string, target: string, ttl: number) =>
  isData(dnsType(fieldType), target) && (ttl === 0 || ttl >= 60)
const clock = () => Math.floor(Date.now() / 1000) + aheadSeconds
const wrongBody = (message: string): ApiAnswer => ({
  status: 400,
  body: { class: 'Client::BadRequest', message },
})
const failure = (status: number, errorCode: string, message: string): ApiAnswer => ({
  status,
  body: { errorCode, httpCode: `${status} ${status === 400 ? 'Bad Request' : 'Forbidden'}`, message },
})

function servedSets(records: OvhRecord[]): ServedSet[] {
  const sets = new Map<string, ServedSet>()
  for (const { subDomain, fieldType, target, ttl } of records) {
    const type = dnsType(fieldType)
    const name = subDomain === '' ? zone : `${subDomain}.${zone}`
    const set = sets.get(`${name} ${type}`) ?? { name, type, ttlSeconds: ttl || defaultTtl, data: [] }
    set.data = [...set.data, asServed(type, target)].sort()
    sets.set(`${name} ${type}`, set)
  }
  return [...sets.values()]
}
