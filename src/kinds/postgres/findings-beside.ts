import { block, listed, type Rule, warn } from './finding-rule.ts'

/** What a copy of the data does not bring: packages, pg_hba.conf, and the content of what is not logged. */
export const besideRules: readonly Rule[] = [
  {
    name: 'target-down',
    text: 'postgres.finding.target-down',
    remedy: 'postgres.finding.target-down.remedy',
    judge: ({ facts, hosts }) => (facts.targetState === 'stopped' ? warn({ host: hosts.target }) : undefined),
  },
  {
    name: 'extensions',
    text: 'postgres.finding.extensions',
    remedy: 'postgres.finding.extensions.remedy',
    judge: ({ facts, hosts }) =>
      listed(facts.missingExtensions, extensions => block({ extensions, host: hosts.target })),
  },
  {
    name: 'libraries',
    text: 'postgres.finding.libraries',
    remedy: 'postgres.finding.libraries.remedy',
    judge: ({ facts, hosts }) =>
      listed(facts.missingLibraries, libraries => block({ libraries, host: hosts.target })),
  },
  {
    name: 'shut-out',
    text: 'postgres.finding.shut-out',
    remedy: 'postgres.finding.shut-out.remedy',
    judge: ({ facts, hosts }) => listed(facts.shutOut, logins => block({ logins, host: hosts.target })),
  },
  {
    name: 'hba',
    text: 'postgres.finding.hba',
    remedy: 'postgres.finding.hba.remedy',
    judge: ({ facts, hosts }) =>
      listed(
        facts.hbaMissing?.map(line => `“${line}”`),
        lines => warn({ lines, host: hosts.target }),
      ),
  },
  {
    name: 'unlogged',
    text: 'postgres.finding.unlogged',
    remedy: 'postgres.finding.unlogged.remedy',
    judge: ({ facts }) => listed(facts.unloggedTables, tables => warn({ tables })),
  },
  {
    name: 'unlogged-sequences',
    text: 'postgres.finding.unlogged-sequences',
    remedy: 'postgres.finding.unlogged-sequences.remedy',
    judge: ({ facts }) => listed(facts.unloggedSequences, sequences => warn({ sequences })),
  },
  {
    name: 'unlogged-in-use',
    text: 'postgres.finding.unlogged-in-use',
    remedy: 'postgres.finding.unlogged-in-use.remedy',
    judge: ({ facts }) => listed(facts.unloggedSequencesInUse, sequences => block({ sequences })),
  },
]
