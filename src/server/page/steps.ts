import { clockSpan, lateness } from '../../views/lines.ts'
import { symbols } from '../../views/rows.ts'
import { stateStyle } from '../../views/state-style.ts'
import { stepProgressText } from '../../views/step-progress-text.ts'
import { named } from '../../views/waiting.ts'
import { stepKeys } from '../../views/words.ts'
import { type Html, html } from '../html.ts'
import type { Seen } from '../source.ts'

const shown = ['running', 'interrupted', 'paused', 'failed', 'undoing', 'undo-interrupted', 'undo-failed']

/** What is under way, how far it is, and what has stopped. */
export function stepsPart({ night, formatter }: Seen): Html {
  if (night === undefined) return html``
  const { status, runView } = night
  const say = (key: Parameters<typeof formatter.say>[0]['key'], values = {}) => formatter.say({ key, values })
  const steps = status.steps.filter(step => shown.includes(step.state))
  const done = status.steps.filter(step => step.endedAt !== undefined).length
  const count = say('server.steps.done', { done, total: status.steps.length })
  const heading = html`<h2>${say('server.steps')} <span class="aside">${count}</span></h2>`
  if (steps.length === 0) return html`${heading}<p class="nothing">${say('server.steps.none')}</p>`
  const items = steps.map(step => {
    const progress = runView.progress?.[step.id]
    const late = lateness(step.lateSeconds)
    const figures = [
      say('server.steps.planned', { time: clockSpan(step.plannedSeconds) }),
      ...(step.actualSeconds === undefined
        ? []
        : [say('server.steps.actual', { time: clockSpan(step.actualSeconds) })]),
      ...(late === '' ? [] : [say('server.steps.late', { time: late })]),
      ...(step.attempt > 1 ? [say('views.attempt', { number: step.attempt })] : []),
    ]
    const percent = progress?.percent
    const title = formatter.say(step.title)
    return html`<li id="step-${step.id}" data-roles="${step.owner}">
<p class="step"><span class="state ${stateStyle(step.state)}">${symbols[step.state]} ${say(stepKeys[step.state])}</span> ${title}</p>
${percent === undefined ? '' : html`<progress max="100" value="${percent}" aria-label="${title}">${percent}</progress>`}
${progress === undefined ? '' : html`<p class="moving">${stepProgressText(progress, runView.now, formatter)}</p>`}
<p class="aside">${named(step.owner, runView)} · ${figures.join(' · ')}</p>
</li>`
  })
  return html`${heading}<ul class="steps">${items}</ul>`
}
