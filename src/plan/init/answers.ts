import type { Temporal } from 'temporal-polyfill'
import { slug } from '../../model/slug.ts'
import type { SshHost } from './ssh-config.ts'

/** The parts of an estate that a first plan can be written for. */
export const parts = ['database', 'files', 'site', 'names'] as const
export type Part = (typeof parts)[number]

const hostRoles = ['gateway', 'database', 'files', 'app'] as const
export type HostRole = (typeof hostRoles)[number]
/** Which hosts each part stands on; the gateway ends the link, so that it is always asked for. */
const hostsOfPart: Record<Part, HostRole[]> = {
  database: ['database'],
  files: ['files'],
  site: ['app'],
  names: [],
}

export type SiteAnswers = { title: string; hosts: Partial<Record<HostRole, SshHost>> }
/** All that `bascule init` asks for. */
export type Answers = {
  title: string
  zone: string
  /** Local date and time, e.g. 2026-12-12T22:00. */
  start: string
  domain: string
  lead: { name: string; contact: string }
  parts: Part[]
  source: SiteAnswers
  target: SiteAnswers
}

export function hostRolesOf(chosen: readonly Part[]): HostRole[] {
  const needed = new Set<HostRole>(['gateway', ...chosen.flatMap(part => hostsOfPart[part])])
  return hostRoles.filter(role => needed.has(role))
}

/** What stands there when nobody is asked. `known`: hosts of the ssh configuration. */
export function defaultAnswers(today: Temporal.PlainDate, zone: string, known: readonly SshHost[]): Answers {
  const site = (title: string, side: 'source' | 'target'): SiteAnswers => ({
    title,
    hosts: Object.fromEntries(hostRoles.map(role => [role, guessHost(known, [title, side], role)])),
  })
  return {
    title: 'My migration',
    zone,
    start: `${saturdayAfter(today.add({ days: 14 }))}T22:00`,
    domain: 'example.org',
    lead: { name: 'Project lead', contact: 'lead@example.org' },
    parts: [...parts],
    source: site('Source', 'source'),
    target: site('Target', 'target'),
  }
}

const roleWords: Record<HostRole, string[]> = {
  gateway: ['gateway', 'gw', 'proxy', 'edge', 'front'],
  database: ['database', 'postgres', 'pg', 'db', 'sql'],
  files: ['files', 'file', 'nas', 'storage', 'media'],
  app: ['app', 'web', 'www', 'site'],
}

/** The known host whose name holds the site's name and the role's, else a name to be replaced. */
export function guessHost(known: readonly SshHost[], siteNames: readonly string[], role: HostRole): SshHost {
  const holds = (host: SshHost, words: readonly string[]) =>
    words.some(word => word !== '' && host.ssh.toLowerCase().includes(word.toLowerCase()))
  const found = known.find(host => holds(host, siteNames) && holds(host, roleWords[role]))
  const name = `${slug(siteNames[0] ?? 'site')}-${role}`
  return found ?? { ssh: name, address: name }
}

function saturdayAfter(day: Temporal.PlainDate): Temporal.PlainDate {
  return day.add({ days: (6 - day.dayOfWeek + 7) % 7 })
}
