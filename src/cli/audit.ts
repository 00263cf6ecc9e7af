import type { Finding } from '../model/fact.ts'
import { exitCodes } from '../model/failure.ts'
import { auditEstate } from '../run/look.ts'
import { type Line, span } from '../views/lines.ts'
import type { Voice } from '../views/voice.ts'
import { openMigration } from './migration.ts'
import type { Verb } from './verb.ts'

/** Reads both sites and writes down what it found; changes nothing there. */
export const audit: Verb = {
  name: 'audit',
  group: 'prepare',
  async run(desk) {
    const migration = await openMigration(desk)
    const { facts, findings } = await auditEstate({ ...migration, by: desk.options.by })
    desk.print(findingLines(findings, migration.voice))
    desk.json({
      plan: migration.plan.name,
      facts,
      findings: findings.map(finding => findingJson(finding, migration.voice)),
    })
    return findings.some(finding => finding.level === 'block') ? exitCodes.checksFailed : undefined
  },
}

const marks = { ok: ['✔', 'good'], warn: ['!', 'warn'], block: ['✖', 'bad'] } as const

export function findingLines(findings: readonly Finding[], voice: Pick<Voice, 'say'>): Line[] {
  return findings.flatMap(({ level, component, text, remedy }): Line[] => {
    const [mark, style] = marks[level]
    const word = voice.say({ key: `cli.finding.${level}` })
    const line: Line = [span(`${mark} ${word} `, style), span(`${component}: `, 'dim'), span(voice.say(text))]
    return remedy && level !== 'ok' ? [line, [span('    → ', 'active'), span(voice.say(remedy))]] : [line]
  })
}

export function findingJson({ text, remedy, ...finding }: Finding, voice: Pick<Voice, 'say'>) {
  return { ...finding, text: voice.say(text), ...(remedy ? { remedy: voice.say(remedy) } : {}) }
}
