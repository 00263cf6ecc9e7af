import type { CalendarChart } from './calendar-chart.ts'
import type { Gantt } from './gantt.ts'
import type { NightChart } from './night-chart.ts'
import type { ChanceCurve, HelpsChart } from './night-figures.ts'
import type { Tone } from './tone.ts'

/** A report before it is Markdown or HTML: sections of a few kinds of block, already in one language. */
export type { Tone }
export type Cell = { text: string; tone?: Tone; code?: boolean }
export type Block =
  | { type: 'paragraph'; text: string; tone?: Tone }
  | { type: 'list'; items: Cell[] }
  /** Labels with their values. */
  | { type: 'facts'; rows: { label: string; value: Cell }[] }
  /** `figures`: indexes of the columns set to the right. `stacked`: on a narrow screen each cell has a line of its own, after its column's name if `labelled`. */
  | {
      type: 'table'
      caption: string
      columns: string[]
      figures: number[]
      rows: Cell[][]
      stacked?: true | 'labelled'
    }
  | { type: 'gantt'; gantt: Gantt }
  | { type: 'calendar'; chart: CalendarChart }
  | { type: 'night'; chart: NightChart }
  | { type: 'curve'; curve: ChanceCurve }
  | { type: 'helps'; helps: HelpsChart }
export type Section = { id: string; title: string; blocks: Block[] }
export type Document = {
  language: 'fr' | 'en'
  title: string
  subtitle: string
  verdict: Cell
  sections: Section[]
  footer: string
}

export function cell(text: string, tone?: Tone): Cell {
  return tone === undefined ? { text } : { text, tone }
}

export function code(text: string): Cell {
  return { text, code: true }
}
