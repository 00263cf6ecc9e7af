import type { FailureRecord } from '../../../model/failure.ts'
import type { MissingRight } from '../facts.ts'
import type { MachineSide } from '../sides.ts'
import type { Found, Rule, Seen } from './judgement.ts'

/** Whether both clusters and both hypervisors can be spoken to at all. */
export const reach: Rule = ({ audit, source, target }) => [
  ...api(source, audit.sourceApiFailure, audit.sourceVersion),
  ...api(target, audit.targetApiFailure, audit.targetVersion),
  ...offline(target, audit.targetNodeStatus),
  ...failed('ssh-source', audit.sourceSshFailure),
  ...failed('ssh-target', audit.targetSshFailure),
]

function api(at: MachineSide, failure: FailureRecord | undefined, version: string | undefined): Found[] {
  const values = { site: at.siteTitle, url: at.api.url, version: version ?? '' }
  if (version !== undefined) return [{ name: 'api-answers', level: 'ok', values }]
  return failed(`api-${at.side}`, failure)
}

function offline(at: MachineSide, status: string | undefined): Found[] {
  if (status === undefined || status === 'online') return []
  const values = { site: at.siteTitle, node: at.node, ssh: at.host.ssh, status }
  return [{ name: 'node-offline', level: 'block', values }]
}

/** A door that is closed says itself why, and what to type. */
const failed = (name: string, failure: FailureRecord | undefined): Found[] =>
  failure === undefined ? [] : [{ name, level: 'block', ...failure }]

/** What the hypervisors need for the copies, whichever way there; the way back is made of them too. */
export const hosts: Rule = seen => [...tools(seen), ...between(seen)]

function tools({ audit: { missingTools = [] } }: Seen): Found[] {
  return missingTools.map(missing => {
    const [ssh = '', tool = ''] = missing.split(': ')
    const values = { ssh, tool, package: packages[tool] ?? tool }
    return { name: 'tool-missing', level: 'block', values }
  })
}
const packages: Record<string, string> = {
  'qemu-img': 'qemu-utils',
  'qemu-storage-daemon': 'qemu-system-common',
}

function between({ audit: { sshBetween }, source, target }: Seen): Found[] {
  if (sshBetween !== false) return []
  const values = {
    source: source.host.ssh,
    target: target.host.ssh,
    sourceAddress: source.host.address,
    targetAddress: target.host.address,
  }
  return [{ name: 'no-login-between', level: 'block', values }]
}

/** The role that the remedy makes: one a path, as each path wants other privileges. */
const roleFor = (path: string): string =>
  `Bascule${path.replaceAll(/[^A-Za-z0-9]+(.)?/g, (_, next = '') => next.toUpperCase())}`

export const rights: Rule = ({ audit, source, target, spec }) => {
  const judge = (at: MachineSide, { path, privileges, wanted, ways }: MissingRight): Found => {
    const fixed = spec.way !== undefined && ways?.includes(spec.way)
    const user = at.api.token.replace(/!.*$/, '')
    const role = roleFor(path)
    const command =
      `pveum role add ${role} --privs '${wanted.join(' ')}' && ` +
      `pveum acl modify ${path} --users ${user} --tokens '${at.api.token}' --roles ${role}`
    const values = {
      site: at.siteTitle,
      ssh: at.host.ssh,
      token: at.api.token,
      path,
      privileges: privileges.join(', '),
      ways: ways?.join(', ') ?? '',
      command,
    }
    if (ways === undefined) return { name: 'rights-missing', level: 'block', values }
    return { name: 'rights-missing-for-way', level: fixed ? 'block' : 'warn', values }
  }
  /** A privilege of a way that the plan has set aside is nobody's need. */
  const needed = ({ ways }: MissingRight): boolean =>
    ways === undefined || spec.way === undefined || ways.includes(spec.way)
  return [
    ...(audit.sourceMissingRights ?? []).filter(needed).map(right => judge(source, right)),
    ...(audit.targetMissingRights ?? []).filter(needed).map(right => judge(target, right)),
  ]
}
