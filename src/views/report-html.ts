import { calendarHtml } from './calendar-html.ts'
import { calendarStyle } from './calendar-style.ts'
import type { Block, Cell, Document } from './document.ts'
import { ganttSvg } from './gantt-svg.ts'
import { escapeHtml } from './html.ts'
import { curveHtml, helpsHtml } from './night-figures-html.ts'
import { nightHtml } from './night-html.ts'
import { nightStyle } from './night-style.ts'
import { reportStyle } from './report-style.ts'

/** A document as one self-contained page: no script, no outside asset; light, dark and print. */
export function toHtml(document: Document): string {
  const { language, title, subtitle, verdict, sections, footer } = document
  const links = sections.map(({ id, title: name }) => `<a href="#${escapeHtml(id)}">${escapeHtml(name)}</a>`)
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)} · ${escapeHtml(verdict.text)}</title>
<style>${reportStyle}${calendarStyle}${nightStyle}</style>
</head>
<body>
<header>
<p class="subtitle">${escapeHtml(subtitle)}</p>
<h1>${escapeHtml(title)}</h1>
<p class="verdict ${verdict.tone ?? ''}">${escapeHtml(verdict.text)}</p>
<nav>${links.join('\n')}</nav>
</header>
<main>
${sections.map(section => sectionHtml(section.id, section.title, section.blocks)).join('\n')}
</main>
<footer><p>${escapeHtml(footer)}</p></footer>
</body>
</html>
`
}

function sectionHtml(id: string, title: string, blocks: Block[]): string {
  const heading = `heading-${escapeHtml(id)}`
  return `<section id="${escapeHtml(id)}" aria-labelledby="${heading}">
<h2 id="${heading}">${escapeHtml(title)}</h2>
${blocks.map(blockHtml).join('\n')}
</section>`
}

function blockHtml(block: Block): string {
  switch (block.type) {
    case 'paragraph':
      return `<p${toneOf(block)}>${escapeHtml(block.text)}</p>`
    case 'list':
      return `<ul>${block.items.map(item => `<li>${cellHtml(item)}</li>`).join('')}</ul>`
    case 'facts':
      return `<dl>${block.rows
        .map(
          ({ label, value }) =>
            `<div><dt>${escapeHtml(label)}</dt><dd${toneOf(value)}>${cellHtml(value)}</dd></div>`,
        )
        .join('')}</dl>`
    case 'table':
      return tableHtml(block)
    case 'gantt':
      return `<figure>${ganttSvg(block.gantt)}</figure>`
    case 'calendar':
      return `<figure>${calendarHtml(block.chart)}</figure>`
    case 'night':
      return `<figure>${nightHtml(block.chart)}</figure>`
    case 'curve':
      return `<figure>${curveHtml(block.curve)}</figure>`
    case 'helps':
      return `<figure>${helpsHtml(block.helps)}</figure>`
  }
}

/** Wide tables scroll in their own box, reachable by keyboard, so that the page never does. */
function tableHtml({ caption, columns, figures, rows, stacked }: Extract<Block, { type: 'table' }>): string {
  const isLabelled = stacked === 'labelled'
  const labelOf = (index: number) => (isLabelled ? ` data-label="${escapeHtml(columns[index] ?? '')}"` : '')
  const figure = (index: number) => (figures.includes(index) ? ' class="figure"' : '')
  const head = columns
    .map((name, index) => `<th scope="col"${figure(index)}>${escapeHtml(name)}</th>`)
    .join('')
  const body = rows
    .map(
      row =>
        `<tr>${row.map((value, index) => `<td${labelOf(index)}${toneOf(value, figures.includes(index))}>${cellHtml(value)}</td>`).join('')}</tr>`,
    )
    .join('\n')
  return `<div class="scroll${stacked ? ' stacked' : ''}${isLabelled ? ' labelled' : ''}" role="region" tabindex="0" aria-label="${escapeHtml(caption)}">
<table><thead><tr>${head}</tr></thead><tbody>
${body}
</tbody></table></div>`
}

function cellHtml({ text, code }: Cell): string {
  return code && text !== '' ? `<code>${escapeHtml(text)}</code>` : escapeHtml(text)
}

function toneOf({ tone }: { tone?: Cell['tone'] }, figure = false): string {
  const names = [tone, figure ? 'figure' : undefined].filter(Boolean).join(' ')
  return names === '' ? '' : ` class="${names}"`
}
