import { Refusal } from '../../machines/refusal.ts'
import type { Endpoint } from '../../machines/types.ts'
import { splitList } from '../parameters/formats.ts'
import { refuseParameters } from '../parameters/verify.ts'

export type IdMap = { map: Record<string, string>; identity: boolean }

/** PVE's maps: `a:b,c:d`, a lone `b` for all the rest, or `1` for the same name everywhere. */
export function parseIdMap(parameter: string, value: string): IdMap {
  const wrong = (why: string) => refuseParameters({ [parameter]: `failed to parse ${value} map: ${why}` })
  const map: Record<string, string> = {}
  let identity = false
  for (const entry of splitList(value)) {
    const [source = '', target, more] = entry.split(':')
    if (more !== undefined) wrong(`invalid entry '${entry}'`)
    if (entry === '1') identity = true
    else if (target === undefined) {
      if (map['*'] !== undefined) wrong('default target already set')
      map['*'] = source
    } else if (map[source] !== undefined) wrong(`duplicate mapping for source '${source}'`)
    else map[source] = target
  }
  return { map, identity }
}

/** `host=…,apitoken=PVEAPIToken=user@realm!name=secret,fingerprint=…,port=…` */
export function parseEndpoint(value: string): Endpoint {
  const parts = new Map(
    value.split(',').map(part => {
      const at = part.indexOf('=')
      return [part.slice(0, at), part.slice(at + 1)] as const
    }),
  )
  const [host, token] = [parts.get('host'), parts.get('apitoken')]
  if (!host || !token) {
    const missing = host ? 'apitoken' : 'host'
    const why = `invalid format - format error\n${missing}: property is missing and it is not optional\n`
    throw new Refusal('Parameter verification failed.', { status: 400, errors: { 'target-endpoint': why } })
  }
  const port = Number(parts.get('port') ?? 8006)
  // Without a fingerprint PVE trusts authorities alone, and a hypervisor's own certificate has none.
  const fingerprint = parts.get('fingerprint')
  if (fingerprint === undefined)
    throw new Refusal(`500 Can't connect to ${host}:${port} (certificate verify failed)`)
  // PVE sends the value as the whole header: without the word before it the other side sees nobody.
  const bare = /^PVEAPIToken=(.+)$/.exec(token)?.[1]
  if (bare === undefined) throw new Refusal('401 No ticket')
  return { host, port, token: bare, fingerprint }
}
