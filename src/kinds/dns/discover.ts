import { isAddress, isIpv6 } from '../../model/address.ts'
import {
  asked,
  type ComponentDraft,
  type Discovery,
  type Draft,
  type Found,
  fields,
  known,
  type Placed,
  type Records,
} from '../../model/discovery.ts'
import type { Text } from '../../model/text.ts'
import { recordsNamed, secretOf } from '../kit/discover.ts'
import { script } from '../kit/script.ts'

type ZoneRecord = { name: string; ttl: number; type: string; data: string }
type ZoneFacts = { records: ZoneRecord[]; key: string; algorithm: string }

const discoverScript = script(import.meta.dirname, 'scripts/discover.sh')
const ownZones = /^(localhost|\d+\.in-addr\.arpa|.*\.ip6\.arpa|local)$/

/** Zones of which BIND is the primary here; those of Debian's own package move nowhere. */
export const discover: Discovery = {
  part: 'switch',
  needsAll: 'served',
  argv: discoverScript.argv(),
  read(records) {
    const algorithms = new Map(
      recordsNamed(records, 'key').map(([name = '', algorithm = '']) => [name, algorithm]),
    )
    const zones = recordsNamed(records, 'zone').filter(([, type = '']) => /^(primary|master)$/.test(type))
    const once = new Map(zones.map(([zone = '', , key = '']) => [zone, key]))
    return [...once].flatMap(([zone, key]) => {
      const found = zoneRecords(records, zone)
      if (found.length === 0 && ownZones.test(zone)) return []
      return [zoneFound(zone, { records: found, key, algorithm: algorithms.get(key) ?? '' })]
    })
  },
  draft,
}

function zoneFound(zone: string, facts: ZoneFacts): Found {
  return {
    key: zone,
    name: `names-${zone}`,
    ports: [53],
    units: ['systemd:named.service', 'systemd:bind9.service', 'runit:named', 'runit:bind'],
    paths: [],
    facts,
  }
}

const zoneRecords = (records: Records, zone: string): ZoneRecord[] =>
  recordsNamed(records, 'record').flatMap(([of, name = '', ttl = '', type = '', data = '']) =>
    of === zone ? [{ name, ttl: Number(ttl), type, data }] : [],
  )

function draft(placed: Placed): ComponentDraft {
  const { id, found, source, moves } = placed
  const { records, key, algorithm } = found.facts as ZoneFacts
  const moving = records.filter(({ type, data }) => /^A{1,4}$/.test(type) && moves.has(data))
  const keyOf = ({ name, type }: ZoneRecord) => `${name} ${type}`
  const movingKeys = new Set(moving.map(keyOf))
  const sets = [...movingKeys].map(key => records.filter(one => keyOf(one) === key))
  const ttls = [...new Set(moving.map(({ ttl }) => ttl))].sort((one, other) => one - other)
  const server = isAddress(source.address) ? known(source.address) : asked({ key: 'dns.discover.server' })
  return {
    criticality: 'critical',
    about: moving.length === 0 ? [] : [{ key: 'dns.discover.ttl', values: { seconds: ttls.join(', ') } }],
    fields: {
      zone: known(found.key),
      servers: { list: [fields({ address: server })], about: secondaries(found.key, records) },
      update: fields({
        server: fields({ address: server }),
        tsig: fields({
          name: key === '' ? asked({ key: 'dns.discover.key' }) : known(key),
          ...(/^hmac-sha(1|224|256|384|512)$/.test(algorithm) && { algorithm: known(algorithm) }),
          secret: secretOf(id, 'tsig'),
        }),
      }),
      lowTtlSeconds: known(60),
      records:
        moving.length === 0
          ? asked({ key: 'dns.discover.records' })
          : { list: sets.map(set => recordDraft(set, found.key, moves)) },
    },
    checks: [
      { measure: 'serversDisagreeing', threshold: { equals: 0 }, gate: 'go', onFailure: 'block' },
      { measure: 'recordsChanged', threshold: { equals: 0 }, gate: 'go', onFailure: 'block' },
      { measure: 'oldTtlSecondsLeft', threshold: { equals: 0 }, gate: 'go', onFailure: 'block' },
    ],
    remarks: mailRemarks(found.key, records, moves),
  }
}

/** One entry for all data of a name: what of it stays, stays beside what moves. */
function recordDraft(set: readonly ZoneRecord[], zone: string, moves: Placed['moves']): Draft {
  const [{ name, type } = { name: '', type: '' }] = set
  const data = [...new Set(set.map(one => one.data))]
  const targets = data.map(address => targetOf(name, address, moves))
  const [only] = targets
  return fields({
    name: known(relative(name, zone)),
    type: known(type),
    source: known(data.length === 1 ? (data[0] ?? '') : data),
    target: only !== undefined && targets.length === 1 ? only : { list: targets },
  })
}

function targetOf(name: string, address: string, moves: Placed['moves']): Draft {
  const to = moves.get(address)
  if (to === undefined) return known(address)
  const family = to.filter(one => isIpv6(one) === isIpv6(address))
  const [only] = family
  return only !== undefined && family.length === 1
    ? known(only)
    : asked({ key: 'dns.discover.target', values: { name, address } }, family)
}

function relative(name: string, zone: string): string {
  if (name === `${zone}.`) return '@'
  return name.endsWith(`.${zone}.`) ? name.slice(0, -zone.length - 2) : name
}

const secondaries = (zone: string, records: ZoneRecord[]): Text[] => {
  const servers = records.flatMap(({ name, type, data }) =>
    type === 'NS' && name === `${zone}.` ? [data.replace(/\.$/, '')] : [],
  )
  return servers.length === 0
    ? []
    : [{ key: 'dns.discover.servers', values: { servers: servers.join(', ') } }]
}

/** Who may send mail, and who takes it, is said in the zone by name or by address. */
function mailRemarks(zone: string, records: ZoneRecord[], moves: Placed['moves']): Text[] {
  const mail = records.some(({ type }) => type === 'MX')
  const text = records.filter(
    ({ type, data }) => type === 'TXT' && [...moves.keys()].some(address => data.includes(address)),
  )
  return [
    ...(mail ? [{ key: 'dns.discover.mail' as const, values: { zone } }] : []),
    ...text.map(({ name }): Text => ({ key: 'dns.discover.text', values: { zone, name } })),
  ]
}
