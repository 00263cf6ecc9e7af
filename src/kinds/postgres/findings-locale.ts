import { block, listed, type Rule, warn } from './finding-rule.ts'

/** The same text must sort alike at both sites, or the copy's indexes are wrong. */
export const localeRules: readonly Rule[] = [
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
