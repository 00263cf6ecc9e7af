import { block, listed, type SharedRule, warn } from './finding-rule.ts'

/** Whichever way the data travel. */
export const sharedRules = {
  sourceDown: {
    name: 'source-down',
    text: 'postgres.finding.source-down',
    remedy: 'postgres.finding.source-down.remedy',
    judge: ({ facts }) =>
      facts.sourceState === 'primary' ? undefined : block({ state: String(facts.sourceState) }),
  },
  superuser: {
    name: 'superuser',
    text: 'postgres.finding.superuser',
    remedy: 'postgres.finding.superuser.remedy',
    judge: ({ facts }) =>
      facts.sourceAdminIsSuperuser === false || facts.targetAdminIsSuperuser === false ? block() : undefined,
  },
  tls: {
    name: 'tls',
    text: 'postgres.finding.tls',
    remedy: 'postgres.finding.tls.remedy',
    judge: ({ facts }) => (facts.sourceTls === false || facts.targetTls === false ? block() : undefined),
  },
  tablespaces: {
    name: 'tablespaces',
    text: 'postgres.finding.tablespaces',
    remedy: 'postgres.finding.tablespaces.remedy',
    judge: ({ facts }) => listed(facts.tablespaces, tablespaces => block({ tablespaces })),
  },
  prepared: {
    name: 'prepared',
    text: 'postgres.finding.prepared',
    remedy: 'postgres.finding.prepared.remedy',
    judge: ({ facts }) => listed(facts.preparedTransactions, gids => warn({ gids })),
  },
  superuserSessions: {
    name: 'superuser-sessions',
    text: 'postgres.finding.superuser-sessions',
    remedy: 'postgres.finding.superuser-sessions.remedy',
    judge: ({ facts }) => listed(facts.superuserSessions, roles => warn({ roles })),
  },
  databases: {
    name: 'databases',
    text: 'postgres.finding.databases',
    remedy: 'postgres.finding.databases.remedy',
    judge({ spec, facts }) {
      const present = facts.databases
      const missing = spec.databases.filter(name => present !== undefined && present[name] === undefined)
      return listed(missing, databases => block({ databases }))
    },
  },
  otherDatabases: {
    name: 'other-databases',
    text: 'postgres.finding.other-databases',
    remedy: 'postgres.finding.other-databases.remedy',
    judge({ spec, facts }) {
      const present = Object.keys(facts.databases ?? {})
      const others = present.filter(name => name !== spec.admin.database && !spec.databases.includes(name))
      return listed(
        others.filter(name => name !== 'postgres'),
        databases => warn({ databases }),
      )
    },
  },
} satisfies Record<string, SharedRule>
