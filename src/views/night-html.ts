import { escapeHtml } from './html.ts'
import type { NightChart, NightMark, NightRow, NightShape } from './night-chart.ts'

/**
 * The chart as a grid, as that of the calendar: words are text of the page, which keeps its size on a phone. The bars of a row are an
 * SVG without a view box: across it is measured in percent of the width there is, down in pixels, so that diamonds stay diamonds.
 */
export function nightHtml(chart: NightChart): string {
  return `<div class="night" role="group" aria-label="${escapeHtml(chart.title)}">
<p class="night-note">${escapeHtml(chart.description)}</p>
<ul class="night-legend">${chart.legend.map(({ shape, label }) => `<li>${legendSvg(shape)}${escapeHtml(label)}</li>`).join('')}</ul>
<div class="night-row night-axis" aria-hidden="true"><div></div><div class="night-ticks">${chart.ticks.map(tickHtml).join('')}</div></div>
${chart.rows.map(row => rowHtml(row, chart)).join('\n')}
</div>`
}

const percent = (share: number): string => `${Math.round(share * 10_000) / 100}%`

/** One at either end would leave the page. */
function tickHtml({ at, label }: NightChart['ticks'][number]): string {
  const name = at < 0.04 ? ' class="first"' : at > 0.94 ? ' class="last"' : ''
  return `<span${name} style="left: ${percent(at)}">${escapeHtml(label)}</span>`
}

function rowHtml(row: NightRow, { ticks, marks }: NightChart): string {
  const grid = ticks.map(({ at }) => vertical('grid', at)).join('')
  return `<div class="night-row ${row.kind}${row.critical ? ' critical' : ''}"><div><span>${escapeHtml(row.label)}</span> <small>${escapeHtml(row.note)}</small></div>
<div class="night-bars"><svg aria-hidden="true">${grid}${marks.map(markSvg).join('')}${barsSvg(row)}</svg></div></div>`
}

const vertical = (name: string, at: number): string =>
  `<line class="${name}" x1="${percent(at)}" x2="${percent(at)}" y1="0" y2="100%"/>`

function markSvg(mark: NightMark): string {
  if (mark.kind !== 'reserve') return vertical(mark.kind, mark.at)
  return `<rect class="reserve" x="${percent(mark.from)}" width="${percent(mark.to - mark.from)}" y="0" height="100%"/>`
}

function barsSvg({ kind, planned, expected, late }: NightRow): string {
  const plan = planned === undefined ? '' : barSvg('planned', planned.from, planned.to)
  const band = barSvg('late', expected.to, late)
  if (kind !== 'gate') return plan + band + barSvg(kind, expected.from, expected.to)
  return `${plan}${band}<svg class="diamond" x="${percent(expected.to)}" y="0">${diamond}</svg>`
}

/** What the row of the stylesheet is high: bars are placed in it by pixels. */
const diamond = '<path class="gate" d="M0 8l7 7l-7 7l-7 -7z"/>'
const places: Record<'planned' | 'late' | 'machine' | 'people', string> = {
  planned: 'y="3" height="4"',
  machine: 'y="9" height="12"',
  people: 'y="9" height="12" rx="6"',
  late: 'y="12.5" height="5"',
}

/** A bar of no length stays visible: two pixels of its outline. */
function barSvg(kind: keyof typeof places, from: number, to: number): string {
  return `<rect class="bar ${kind}" x="${percent(from)}" width="${percent(Math.max(0, to - from))}" ${places[kind]}/>`
}

function legendSvg(shape: NightShape): string {
  const drawn: Record<NightShape, () => string> = {
    planned: () => barSvg('planned', 0, 1),
    machine: () => barSvg('machine', 0, 1),
    people: () => barSvg('people', 0, 1),
    late: () => barSvg('late', 0, 1),
    gate: () => `<svg class="diamond" x="50%" y="0">${diamond}</svg>`,
    critical: () => '<rect class="critical-edge" x="40%" width="4" y="6" height="18"/>',
    reserve: () => markSvg({ kind: 'reserve', from: 0, to: 1 }),
    'last-safe': () => markSvg({ kind: 'last-safe', at: 0.5 }),
    'window-end': () => markSvg({ kind: 'window-end', at: 0.5 }),
  }
  return `<svg aria-hidden="true">${drawn[shape]()}</svg>`
}
