import { givenUpText } from '../../views/given-up.ts'
import { leftOutText } from '../../views/left-out.ts'
import { type Line, renderLine } from '../../views/lines.ts'
import { returnPathLines } from '../../views/return-paths.ts'
import { stateStyle } from '../../views/state-style.ts'
import { modeKeys, stateKeys, triggerKeys } from '../../views/words.ts'
import { type Html, html } from '../html.ts'
import type { Seen } from '../source.ts'

/** Which night this is, how it stands, and what everybody has to know of it. */
export function headPart({ title, formatter, night, next, typed }: Seen): Html {
  if (night === undefined)
    return html`<h1>${title}</h1><p class="note">${formatter.say({ key: 'server.nothing' })} <code>${next}</code></p>`
  const { status } = night
  const state = html`<span class="pill ${stateStyle(status.state)}">${formatter.say({ key: stateKeys[status.state] })}</span>`
  return html`<h1>${title}</h1>
<p class="standing">${formatter.say({ key: modeKeys[status.mode] })} ${state}</p>
${notes(night, formatter, typed({ do: 'watch' })).map(([tone, text]) => html`<p class="note ${tone}">${text}</p>`)}`
}

type Note = [tone: 'bad' | 'warn' | '', text: string]

function notes(
  { status, runView }: NonNullable<Seen['night']>,
  formatter: Seen['formatter'],
  watching: string,
): Note[] {
  const { rollback, givenUp, linesLost, leftOut, copiesLost, returnPaths, signatures, mode } = status
  const found: Note[] = []
  if (rollback !== undefined && mode === 'live') {
    const trigger = formatter.say({ key: triggerKeys[rollback.trigger] })
    const key = runView.run?.outcome ? 'views.rolledBack' : 'views.rollback'
    const values = { ...rollback, trigger, at: formatter.clock(rollback.at) }
    found.push(['bad', formatter.say({ key, values })])
  }
  if (givenUp !== undefined) found.push(['bad', givenUpText(givenUp, formatter)])
  if (runView.run?.outcome === undefined)
    for (const { component, since, why } of linesLost) {
      const lost = runView.plan.components[component]?.title ?? component
      const values = { title: lost, since: formatter.clock(since), why }
      found.push(['bad', formatter.say({ key: 'views.lineLost', values })])
    }
  for (const line of returnPathLines(returnPaths, formatter, watching))
    found.push([toneOf(line), renderLine(line)])
  for (const row of leftOut) found.push(['warn', leftOutText(row, runView, formatter)])
  for (const { host, since, why } of copiesLost) {
    const values = { host, since: formatter.clock(since), why }
    found.push(['warn', formatter.say({ key: 'views.copyLost', values })])
  }
  if (mode === 'live' && signatures === 'declared') found.push(['', formatter.say({ key: 'views.declared' })])
  return found
}

const toneOf = (line: Line): Note[0] => {
  const styles = line.map(({ style }) => style)
  return styles.includes('bad') ? 'bad' : styles.includes('warn') ? 'warn' : ''
}
