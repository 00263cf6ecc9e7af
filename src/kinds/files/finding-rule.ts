import type { FindingLevel } from '../../model/fact.ts'
import type { MessageKey } from '../../model/text.ts'

/** The rule is named after the sentence: `files.finding.no-space` is `no-space`. */
export type Said = {
  level: FindingLevel
  text: MessageKey & `files.finding.${string}`
  remedy?: MessageKey
  values?: Record<string, string | number>
}
