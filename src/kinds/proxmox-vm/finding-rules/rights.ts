import type { MissingRight } from '../facts.ts'
import type { MachineSide } from '../sides.ts'
import type { Found, Rule } from './judgement.ts'

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
