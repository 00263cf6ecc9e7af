import { type ApiAnswer, type ApiCall, ApiServer, hasShape, isData } from './api-server.ts'
import { asServed, type Cloud, type ServedSet, written, zone } from './cloud.ts'

type GandiSet = { rrset_name: string; rrset_type: string; rrset_ttl: number; rrset_values: string[] }

const good = 'pat_good-token-of-the-double'
const reader = 'pat_token-that-may-only-read'

/**
 * Gandi LiveDNS, v5, as https://api.gandi.net/docs/livedns/ describes it and as clients have recorded it: sets under
 * /v5/livedns/domains/{fqdn}/records/{name}/{type}, values in zone file form, no TTL below 300 s.
 */
export async function openGandi(): Promise<Cloud> {
  const sets = new Map<string, GandiSet>()
  const server = new ApiServer(call => answerTo(call, sets))
  const endpoint = `${await server.listen()}/v5`
  const update = (token: string) => ({ provider: 'gandi', endpoint, token })
  return {
    server,
    update: update('env:GANDI_TOKEN'),
    wrongSecret: update('env:GANDI_WRONG'),
    withoutRight: update('env:GANDI_READER'),
    secrets: {
      'env:GANDI_TOKEN': good,
      'env:GANDI_READER': reader,
      'env:GANDI_WRONG': 'pat_never-heard-of-it',
    },
    sets: () => [...sets.values()].map(served),
    put({ name, type, ttlSeconds, data }) {
      const key = keyOf(relative(name), type)
      if (data.length === 0) sets.delete(key)
      else
        sets.set(key, {
          rrset_name: relative(name),
          rrset_type: type,
          rrset_ttl: ttlSeconds,
          rrset_values: data.map(value => written(type, value)),
        })
    },
    limited: seconds => ({
      ...failure(429, 'HTTPTooManyRequests', 'Too Many Requests', 'Slow down.'),
      headers: { 'retry-after': String(seconds) },
    }),
  }
}

function answerTo(call: ApiCall, sets: Map<string, GandiSet>): ApiAnswer {
  const token = /^Bearer (\S+)$/.exec(call.headers.authorization ?? '')?.[1]
  if (token === undefined || ![good, reader].includes(token))
    return failure(
      401,
      'HTTPUnauthorized',
      'Unauthorized',
      'The server could not verify that you authorized to access the document you requested.',
    )
  const [, fqdn, rest = ''] = /^\/v5\/livedns\/domains\/([^/]+)(\/.*)?$/.exec(call.path) ?? []
  if (fqdn !== zone) return failure(404, 'HTTPNotFound', 'Not Found', 'The resource could not be found.')
  if (rest === '' && call.method === 'GET') return { status: 200, body: { fqdn, automatic_snapshots: true } }
  const [, name = '', type = ''] = /^\/records\/([^/]+)\/([A-Z]+)$/.exec(rest) ?? []
  if (type === '') return failure(404, 'HTTPNotFound', 'Not Found', 'The resource could not be found.')
  const found = sets.get(keyOf(name, type))
  if (call.method === 'GET')
    return found
      ? { status: 200, body: { ...found, rrset_href: `https://api.gandi.net${call.path}` } }
      : failure(404, 'dns-record', 'Not Found', `Can't find the DNS record ${name}/${type} in the zone`)
  if (token === reader)
    return failure(403, 'HTTPForbidden', 'Forbidden', 'Access was denied to this resource.')
  if (call.method === 'DELETE') {
    sets.delete(keyOf(name, type))
    return { status: 204 }
  }
  return call.method === 'PUT'
    ? put(call, name, type, sets)
    : failure(405, 'HTTPMethodNotAllowed', 'Method Not Allowed', '')
}

function put(call: ApiCall, name: string, type: string, sets: Map<string, GandiSet>): ApiAnswer {
  const body = call.body()
  if (call.headers['content-type'] !== 'application/json' || !hasShape(body, ['rrset_values'], ['rrset_ttl']))
    return wrongBody('body', 'unknown or missing field')
  const { rrset_values: values, rrset_ttl: ttl = 10_800 } = body as {
    rrset_values: string[]
    rrset_ttl?: number
  }
  if (ttl < 300 || ttl > 2_592_000) return wrongBody('rrset_ttl', `${ttl} is not between 300 and 2592000`)
  if (values.length === 0 || !values.every(value => isData(type, value)))
    return wrongBody('rrset_values', `invalid ${type}`)
  sets.set(keyOf(name, type), { rrset_name: name, rrset_type: type, rrset_ttl: ttl, rrset_values: values })
  return { status: 201, body: { message: 'DNS Record Created' } }
}

const failure = (code: number, object: string, cause: string, message: string): ApiAnswer => ({
  status: code,
  body: { code, object, cause, message },
})
const wrongBody = (name: string, description: string): ApiAnswer => ({
  status: 400,
  body: { status: 'error', errors: [{ location: 'body', name, description }] },
})
const keyOf = (name: string, type: string) => `${name} ${type}`
const relative = (name: string) => (name === zone ? '@' : name.slice(0, -zone.length - 1))
const served = ({ rrset_name, rrset_type: type, rrset_ttl, rrset_values }: GandiSet): ServedSet => ({
  name: rrset_name === '@' ? zone : `${rrset_name}.${zone}`,
  type,
  ttlSeconds: rrset_ttl,
  data: rrset_values.map(value => asServed(type, value)).sort(),
})
