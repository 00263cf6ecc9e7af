import type { MessageKey } from './text.ts'

/** What a measure counts in. Empty: things, which its title names. */
export type MeasureUnit = '' | 's' | 'ms' | 'B' | 'Mbit/s' | '%'

/**
 * How one figure is shown to people: its label and its unit. `instant`: an ISO string. `words`: the text of each value that is a
 * word of the program. True and false are shown as yes and no.
 */
export type FigureForm = {
  label: MessageKey
  unit?: MeasureUnit | 'GB' | 'instant'
  words?: Record<string, MessageKey>
}
/**
 * By the name of the figure, of which a kind has one form wherever it measures it. A figure without a form is kept in the journal
 * and in JSON, and not shown to people.
 */
export type FigureForms = Record<string, FigureForm>
