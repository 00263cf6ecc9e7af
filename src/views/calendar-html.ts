import type { CalendarChart, ChartRow } from './calendar-chart.ts'
import { escapeHtml } from './html.ts'

/**
 * The chart as a grid: words are text of the page, which keeps its size on a phone, and the bars of each row are an SVG that is
 * stretched to the width there is, one unit a day.
 */
export function calendarHtml(chart: CalendarChart): string {
  return `<div class="calendar" role="group" aria-label="${escapeHtml(chart.title)}">
<div class="calendar-row calendar-axis"><div></div><div class="calendar-ticks" aria-hidden="true">
${chart.ticks.map(tick => tickHtml(tick, chart.days)).join('\n')}
</div></div>
${chart.groups.map(({ title, rows }) => `<h3>${escapeHtml(title)}</h3>\n${rows.map(row => rowHtml(row, chart)).join('\n')}`).join('\n')}
<ul class="calendar-legend">${chart.legend.map(({ kind, label }) => `<li><svg viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">${barSvg({ kind, from: 0, days: 1 })}</svg>${escapeHtml(label)}</li>`).join('')}</ul>
</div>`
}

function tickHtml({ at, day, date }: CalendarChart['ticks'][number], days: number): string {
  // One at the very end would leave the page: its end is then where the day ends.
  const percent = (share: number) => Math.round(share * 10_000) / 100
  const place =
    at > days * 0.85
      ? `right: ${percent(1 - (at + 1) / days)}%; text-align: right`
      : `left: ${percent(at / days)}%`
  return `<span style="${place}"><b>${escapeHtml(day)}</b> ${escapeHtml(date)}</span>`
}

function rowHtml(row: ChartRow, chart: CalendarChart): string {
  const tone = row.tone === undefined ? '' : ` class="${row.tone}"`
  return `<div class="calendar-row"><div><span>${escapeHtml(row.label)}</span> <small${tone}>${escapeHtml(row.note)}</small></div>
<svg viewBox="0 0 ${chart.days} 1" preserveAspectRatio="none" role="img" aria-label="${escapeHtml(row.description)}">${groundSvg(chart)}${row.bars.map(barSvg).join('')}${todaySvg(chart)}</svg></div>`
}

function groundSvg({ weekends, night, days, ticks }: CalendarChart): string {
  return [
    ...weekends.map(at => column('weekend', at)),
    ...ticks.map(({ at }) => `<line class="week" x1="${at}" x2="${at}" y1="0" y2="1"/>`),
    ...(night >= 0 && night < days ? [column('night', night)] : []),
  ].join('')
}

const column = (name: string, at: number): string =>
  `<rect class="${name}" x="${at}" width="1" y="0" height="1"/>`

/** An outline over everything else. */
const todaySvg = ({ today }: CalendarChart): string => (today === undefined ? '' : column('today', today))

/** Kinds differ in height and outline too, not in colour alone. */
function barSvg({ kind, from, days }: ChartRow['bars'][number]): string {
  const { top, height } = shapes[kind]
  return `<rect class="bar ${kind}" x="${from}" width="${days}" y="${top}" height="${height}"/>`
}

const shapes: Record<ChartRow['bars'][number]['kind'], { top: number; height: number }> = {
  done: { top: 0.2, height: 0.6 },
  due: { top: 0.1, height: 0.8 },
  late: { top: 0.1, height: 0.8 },
  past: { top: 0.4, height: 0.2 },
  ahead: { top: 0.2, height: 0.6 },
  unattended: { top: 0.72, height: 0.28 },
  available: { top: 0.3, height: 0.4 },
}
