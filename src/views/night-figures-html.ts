import { escapeHtml } from './html.ts'
import type { ChanceCurve, HelpsChart } from './night-figures.ts'

const percent = (share: number): string => `${Math.round(share * 10_000) / 100}%`
const hundredths = (share: number): number => Math.round(share * 10_000) / 100

/** The curve is stretched to the width there is; its words are text of the page beside it. */
export function curveHtml({ title, ticks, chances, points, end, asked, legend }: ChanceCurve): string {
  const path = points.map(({ at, chance }) => `${hundredths(at)} ${hundredths(1 - chance)}`).join('L')
  const grid = [
    ...ticks.map(({ at }) => lineSvg('grid', at, at, 0, 1)),
    ...chances.map(({ at }) => lineSvg('grid', 0, 1, 1 - at, 1 - at)),
  ]
  return `<ul class="night-legend curve-legend">${legend.map(({ shape, label }) => `<li><svg class="curve" viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">${lineSvg(shape, 0, 1, 0.5, 0.5)}</svg>${escapeHtml(label)}</li>`).join('')}</ul>
<div class="curve" role="img" aria-label="${escapeHtml(`${title}. ${legend.map(({ label }) => label).join('. ')}`)}">
<div class="curve-chances">${chances.map(({ at, label }) => `<span style="top: ${percent(1 - at)}">${escapeHtml(label)}</span>`).join('')}</div>
<svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">${grid.join('')}<path class="under" d="M${path}L100 100L0 100z"/><path class="chance" d="M${path}"/>${lineSvg('asked', 0, 1, 1 - asked, 1 - asked)}${lineSvg('end', end, end, 0, 1)}</svg>
<div class="night-ticks">${ticks.map(({ at, label }) => `<span style="left: ${percent(at)}">${escapeHtml(label)}</span>`).join('')}</div>
</div>`
}

const lineSvg = (name: string, fromX: number, toX: number, fromY: number, toY: number): string =>
  `<line class="${name}" x1="${hundredths(fromX)}" x2="${hundredths(toX)}" y1="${hundredths(fromY)}" y2="${hundredths(toY)}"/>`

/** A tornado with one side: nothing that is tried makes it worse. */
export function helpsHtml({ title, rows }: HelpsChart): string {
  const bar = ({ kind, share, text }: HelpsChart['rows'][number]['bars'][number]): string =>
    `<div class="helps-bar"><svg aria-hidden="true"><rect class="${kind}" width="${percent(Math.max(0.01, share))}" height="100%"/></svg>${escapeHtml(text)}</div>`
  return `<div class="helps" role="group" aria-label="${escapeHtml(title)}">
${rows.map(({ label, bars }) => `<div class="helps-row"><div>${escapeHtml(label)}</div><div>${bars.map(bar).join('')}</div></div>`).join('\n')}
</div>`
}
