import { block, listed, type SharedRule, warn } from './finding-rule.ts'

/** What a copy of the data does not bring: packages, pg_hba.conf, locales, and the content of what is not logged. */
export const besideRules: readonly SharedRule[] = [
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
    name: 'logins-unjudged',
    text: 'postgres.finding.logins-unjudged',
    remedy: 'postgres.finding.logins-unjudged.remedy',
    judge: ({ facts, hosts }) =>
      facts.loginsJudged === undefined ? undefined : warn({ judged: facts.loginsJudged, host: hosts.target }),
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
  // The same text must sort alike at both sites, or the copy’s indexes are wrong.
  {
    name: 'glibc',
    text: 'postgres.finding.glibc',
    remedy: 'postgres.finding.glibc.remedy',
    judge({ facts }) {
      const [source, target] = [facts.sourceGlibc, facts.targetGlibc]
      const locales = Object.values(facts.collations ?? {})
      const sortsByLibc = locales.some(
        ({ collate, provider }) => provider === 'c' && !/^(C|POSIX)(\.|$)/.test(collate),
      )
      if (source === undefined || target === undefined || source === target) return undefined
      return sortsByLibc ? block({ source, target }) : warn({ source, target })
    },
  },
  {
    name: 'icu',
    text: 'postgres.finding.icu',
    remedy: 'postgres.finding.icu.remedy',
    judge({ facts }) {
      const [source, target] = [facts.sourceIcu, facts.targetIcu]
      if (!source || !target || source === target) return undefined
      const locales = Object.values(facts.collations ?? {})
      return locales.some(({ provider }) => provider === 'i')
        ? block({ source, target })
        : warn({ source, target })
    },
  },
  {
    name: 'collation-mismatch',
    text: 'postgres.finding.collation-mismatch',
    remedy: 'postgres.finding.collation-mismatch.remedy',
    judge: ({ facts }) => listed(facts.collationMismatches, collations => warn({ collations })),
  },
  {
    name: 'locale',
    text: 'postgres.finding.locale',
    remedy: 'postgres.finding.locale.remedy',
    judge({ facts }) {
      const have = facts.targetLocales?.map(spelling)
      const databases = Object.values(facts.collations ?? {})
      const wanted = databases.filter(({ provider }) => provider === 'c').map(({ collate }) => collate)
      if (have === undefined) return undefined
      const missing = wanted.filter(name => !/^(C|POSIX)$/.test(name) && !have.includes(spelling(name)))
      return listed([...new Set(missing)], locales => block({ locales }))
    },
  },
]

const spelling = (locale: string): string => locale.toLowerCase().replaceAll('-', '')
