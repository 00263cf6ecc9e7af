import type { Gantt, GanttBar, GanttRow } from './gantt.ts'
import { escapeHtml } from './html.ts'
import { columns } from './lines.ts'

/** Lengths in the units of the view box, which is scaled to the page. */
const chart = { width: 1080, labels: 400, right: 14, top: 34, row: 22, bottom: 34 }
const plot = chart.width - chart.labels - chart.right
const longestLabel = 58

/** The chart as inline SVG. Planned is an outline above, actual a bar below: shape tells them apart, not colour. */
export function ganttSvg(gantt: Gantt): string {
  const bottom = chart.top + gantt.rows.length * chart.row
  const height = bottom + chart.bottom
  return `<svg class="gantt" viewBox="0 0 ${chart.width} ${height}" role="img" aria-labelledby="gantt-title gantt-description">
<title id="gantt-title">${escapeHtml(gantt.title)}</title>
<desc id="gantt-description">${escapeHtml(gantt.description)}</desc>
<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="hatch-ground" width="6" height="6"/><rect class="hatch-line" width="2.5" height="6"/></pattern></defs>
${gantt.ticks.map(({ at, label }) => `<line class="grid" x1="${x(at)}" x2="${x(at)}" y1="${chart.top - 6}" y2="${bottom}"/><text class="tick" x="${x(at)}" y="${chart.top - 14}">${escapeHtml(label)}</text>`).join('\n')}
${gantt.rows.map((row, index) => rowSvg(row, chart.top + index * chart.row, index)).join('\n')}
${gantt.marks.map(({ at, kind, label }) => `<line class="mark ${kind}" x1="${x(at)}" x2="${x(at)}" y1="${chart.top - 6}" y2="${bottom}"/><text class="mark-label ${kind}" x="${x(at) - 4}" y="${bottom - 5}">${escapeHtml(label)}</text>`).join('\n')}
${legendSvg(gantt, bottom + 22)}
</svg>`
}

function x(fraction: number): number {
  return round(chart.labels + fraction * plot)
}

const round = (value: number): number => Math.round(value * 10) / 10

function rowSvg(row: GanttRow, top: number, index: number): string {
  const stripe =
    index % 2 === 0
      ? `<rect class="stripe" x="0" y="${top}" width="${chart.width}" height="${chart.row}"/>`
      : ''
  const name = `<text class="${row.bars.length === 0 ? 'gate-label' : 'label'}" x="8" y="${top + 15}">${escapeHtml(shorten(row.label))}<title>${escapeHtml(row.label)}</title></text>`
  const diamond = row.gateAt === undefined ? '' : diamondSvg(x(row.gateAt), top + chart.row / 2)
  return stripe + name + row.bars.map(bar => barSvg(bar, top)).join('') + diamond
}

function shorten(label: string): string {
  return columns(label) <= longestLabel ? label : `${[...label].slice(0, longestLabel - 1).join('')}…`
}

/** A bar of no length stays visible: two units wide at least. */
function barSvg(bar: GanttBar, top: number): string {
  const width = Math.max(2, round((bar.to - bar.from) * plot))
  const left = Math.min(x(bar.from), chart.width - chart.right - width)
  const place = bar.kind === 'planned' ? `y="${top + 3}" height="5"` : `y="${top + 10}" height="9"`
  return `<rect class="bar ${bar.kind}" x="${round(left)}" width="${width}" ${place} rx="1.5"><title>${escapeHtml(bar.label)}</title></rect>`
}

function diamondSvg(centre: number, middle: number): string {
  const size = 6
  return `<path class="gate" d="M${round(centre)} ${middle - size}l${size} ${size}l-${size} ${size}l-${size} -${size}z"/>`
}

function legendSvg(gantt: Gantt, baseline: number): string {
  let left = chart.labels
  return gantt.legend
    .map(({ kind, label }) => {
      const at = left
      left += 40 + columns(label) * 7.5
      const shape =
        kind === 'gate'
          ? diamondSvg(at + 11, baseline - 4)
          : `<rect class="bar ${kind}" x="${round(at)}" y="${baseline - (kind === 'planned' ? 7 : 9)}" width="22" height="${kind === 'planned' ? 5 : 9}" rx="1.5"/>`
      return `${shape}<text class="legend" x="${round(at + 28)}" y="${baseline}">${escapeHtml(label)}</text>`
    })
    .join('\n')
}
