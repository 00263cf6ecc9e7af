import type { Line } from '../../views/lines.ts'
import { type Html, html } from '../html.ts'

/** One entry of the journal; the styles of a terminal's line are its classes. */
export function logEntry(id: string, line: Line): Html {
  return html`<li id="entry-${id}">${line.map(({ text, style }) =>
    style === undefined ? text : html`<span class="${style}">${text}</span>`,
  )}</li>`
}
