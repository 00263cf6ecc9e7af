/** Lines for a terminal, not yet coloured: what is shown is decided here, how it is painted by the caller. */
export type Style = 'strong' | 'dim' | 'good' | 'bad' | 'active' | 'warn'
export type Span = { text: string; style?: Style }
export type Line = Span[]
export type Paint = (text: string, style: Style) => string

export const plain: Paint = text => text

export function span(text: string, style?: Style): Span {
  return style === undefined ? { text } : { text, style }
}

/** One string; cut to `width` columns with an ellipsis when given. */
export function renderLine(line: Line, paint: Paint = plain, width?: number): string {
  const shown = line.map(one => ({ ...one, text: harmless(one.text) }))
  return (width === undefined ? shown : cut(shown, width))
    .map(({ text, style }) => (style === undefined ? text : paint(text, style)))
    .join('')
    .trimEnd()
}

/** What follows the first line is indented: it must not be taken for a line of Bascule's own. */
const harmless = (text: string): string => visible(text).replaceAll('\n', '\n    ')

/**
 * Words of a remote host may be in a text. Control characters are shown as their symbols, so that they neither move the cursor nor
 * change what is on the screen already; marks that turn the direction of writing, as their code. Line breaks stay.
 */
export function visible(text: string): string {
  return text.replace(/(?!\n)\p{Cc}|[\u202A-\u202E\u2066-\u2069]/gu, character => {
    const code = character.codePointAt(0) ?? 0
    if (code < 0x20) return String.fromCodePoint(0x2400 + code)
    return code === 0x7f ? '␡' : `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`
  })
}

export function renderLines(lines: Line[], paint: Paint = plain, width?: number): string[] {
  return lines.map(line => renderLine(line, paint, width))
}

/** Columns of a text without wide characters (all of ours are narrow). */
export function columns(text: string): number {
  return [...text].length
}

export function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - columns(text)))
}

export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - columns(text))) + text
}

function cut(line: Line, width: number): Line {
  const total = line.reduce((sum, { text }) => sum + columns(text), 0)
  if (total <= width) return line
  const kept: Line = []
  let left = width - 1
  for (const { text, style } of line) {
    if (left <= 0) break
    const characters = [...text].slice(0, left)
    kept.push(span(characters.join(''), style))
    left -= characters.length
  }
  return [...kept, span('…')]
}

/** h:mm:ss or m:ss, signed when negative; for columns of figures. */
export function clockSpan(seconds: number): string {
  const whole = Math.round(Math.abs(seconds))
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60]
  const two = (value: number) => String(value).padStart(2, '0')
  const text = hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`
  return seconds < 0 && whole > 0 ? `−${text}` : text
}

/** Lateness with its sign, e.g. `+3:55`; empty under one second. */
export function lateness(seconds: number | undefined): string {
  if (seconds === undefined || Math.abs(seconds) < 1) return ''
  return seconds > 0 ? `+${clockSpan(seconds)}` : clockSpan(seconds)
}
