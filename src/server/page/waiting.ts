import { isHalfSigned } from '../../run/signatures.ts'
import { orderText } from '../../views/orders.ts'
import { named } from '../../views/waiting.ts'
import { type Html, html } from '../html.ts'
import type { Seen } from '../source.ts'

/** What goes on only when a person acts, for whom it waits, and the very line to type. */
export function waitingPart({ night, formatter, typed }: Seen): Html {
  if (night === undefined) return html``
  const { status, runView, ordersStored } = night
  const title = formatter.say({ key: 'views.waiting.title' })
  const copy = formatter.say({ key: 'server.copy' })
  const stored = ordersStored.map(record => {
    const values = { order: orderText(record.order), by: record.by, at: formatter.clock(record.at) }
    const key = isHalfSigned(record) ? 'server.order.second' : 'server.order.stored'
    return html`<p class="note warn">${formatter.say({ key, values })}</p>`
  })
  if (status.waiting.length === 0)
    return html`<h2>${title}</h2><p class="nothing">✔ ${formatter.say({ key: 'server.waiting.none' })}</p>${stored}`
  const items = status.waiting.map(wait => {
    const roles = wait.roles.map(role => named(role, runView))
    const who = roles.length > 0 ? roles.join(', ') : formatter.say({ key: 'server.waiting.anyone' })
    return html`<li id="wait-${wait.what}-${wait.id}" class="wait" data-roles="${wait.roles.join(' ')}">
<p class="who"><span aria-hidden="true">◆</span> ${who}</p>
<p class="what">${wait.text}</p>
${wait.warning === undefined ? '' : html`<p class="warning">! ${wait.warning}</p>`}
${wait.remedy === undefined ? '' : html`<p class="remedy">→ ${wait.remedy}</p>`}
${wait.orders.map(typed).map(line => html`<p class="command"><code>${line}</code><button type="button" class="copy" data-copy="${line}" hidden>${copy}</button></p>`)}
</li>`
  })
  return html`<h2>${title} <span class="count">${status.waiting.length}</span></h2><ul class="waits">${items}</ul>${stored}`
}
