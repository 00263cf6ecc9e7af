import { lastSealed } from '../../run/stored-runs.ts'
import { type Html, html } from '../html.ts'
import type { Seen } from '../source.ts'

/** Of which journal this is, and how far its seals reach. */
export function sealPart({ entries, night, formatter, status }: Seen): Html {
  const last = entries.at(-1)
  if (last === undefined) return html``
  const sealed = lastSealed(entries)
  const said = [
    ...(night?.runView.run === undefined
      ? []
      : [formatter.say({ key: 'server.run', values: { run: night.runView.run.id } })]),
    formatter.say({ key: 'server.entries', values: { count: entries.length, at: formatter.clock(last.at) } }),
    ...(sealed === undefined
      ? []
      : [
          formatter.say({
            key: 'server.sealed',
            values: { entries: sealed.entries, hosts: sealed.hosts.join(', ') },
          }),
        ]),
    formatter.say({ key: status.executing === true ? 'server.executing' : 'server.notExecuting' }),
  ]
  return html`<p>${said.join(' · ')}</p>`
}
