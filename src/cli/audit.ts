import type { Finding } from '../model/fact.ts'
import { exitCodes } from '../model/failure.ts'
import { lastMoved } from '../run/may-start.ts'
import { auditSites } from '../run/read-only.ts'
import { readRecords } from '../run/stored-runs.ts'
import type { Formatter } from '../views/formatter.ts'
import { type Line, span } from '../views/lines.ts'
import { openMigration } from './migration.ts'
import type { Verb } from './verb.ts'

/** Reads both sites and writes down what it found; changes nothing there. */
export const audit: Verb = {
  name: 'audit',
  group: 'before',
  summary: 'cli.audit.summary',
  examples: 'cli.audit.examples',
  async run(context) {
    const migration = await openMigration(context)
    const isMoved = lastMoved(readRecords(migration.stateDirectory).history) !== undefined
    const { facts, findings } = await auditSites({ ...migration, by: context.options.by })
    context.print(findingLines(findings, migration.formatter))
    if (isMoved) context.printProgress([[span(context.say({ key: 'cli.audit.moved' }), 'warn')]])
    context.json({
      plan: migration.plan.name,
      facts,
      findings: findings.map(finding => findingJson(finding, migration.formatter)),
    })
    return findings.some(finding => finding.level === 'block') ? exitCodes.checksFailed : undefined
  },
}

const findingKeys = {
  ok: 'cli.finding.ok',
  warn: 'cli.finding.warn',
  block: 'cli.finding.block',
} as const
const marks = { ok: ['✔', 'good'], warn: ['!', 'warn'], block: ['✖', 'bad'] } as const

export function findingLines(findings: readonly Finding[], formatter: Pick<Formatter, 'say'>): Line[] {
  return findings.flatMap(({ level, component, text, remedy }): Line[] => {
    const [mark, style] = marks[level]
    const word = formatter.say({ key: findingKeys[level] })
    const sentence = formatter.say({
      key: 'cli.finding.line',
      values: { component, text: formatter.say(text) },
    })
    const line: Line = [span(`${mark} ${word} `, style), span(sentence)]
    return remedy && level !== 'ok' ? [line, [span('    → ', 'active'), span(formatter.say(remedy))]] : [line]
  })
}

export function findingJson({ text, remedy, ...finding }: Finding, formatter: Pick<Formatter, 'say'>) {
  return { ...finding, text: formatter.say(text), ...(remedy ? { remedy: formatter.say(remedy) } : {}) }
}
