import type { Text } from '../model/text.ts'
import type { KeptStep } from '../run/kept-calls.ts'
import { keptLines } from './explanation-lines.ts'
import type { Formatter } from './formatter.ts'
import { type Line, span } from './lines.ts'
import { type PlannedNight, plannedRows } from './planned-night.ts'

/** Every step of the night, in the order of its table, with what it did at the hosts when it ran last. */
export const nightCommandLines = (
  night: PlannedNight,
  kept: Record<string, KeptStep>,
  formatter: Formatter,
): Line[] =>
  plannedRows(night).flatMap(({ id, title, step }): Line[] => {
    if (step === undefined) return []
    return [
      [span(id, 'strong'), span(`  ${formatter.say(title)}`)],
      ...undoLines(step.undo.possible ? [] : [step.undo.why], formatter),
      ...keptLines(kept[id] ?? {}, formatter),
      [],
    ]
  })

const undoLines = (whys: readonly Text[], { say }: Formatter): Line[] =>
  whys.map((why): Line => {
    const value: Text = { key: 'views.explain.noUndo', values: { why } }
    const text = say({ key: 'views.figure', values: { label: { key: 'views.explain.undo' }, value } })
    return [span(`  ${text}`, 'dim')]
  })
