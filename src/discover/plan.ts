import { asked, type Draft, known } from '../model/discovery.ts'
import type { SiteSide } from '../model/plan.ts'
import type { MessageKey } from '../model/text.ts'
import type { Component } from './components.ts'
import type { Host, Sites } from './hosts.ts'
import { flow, PlanWriter, type Question, type Say } from './written.ts'

/** The commented plan of what was found. Pure. `zone`: of the machine that asks, which may not be the sites'. */
export function draftedPlan(
  sites: Sites,
  components: readonly Component[],
  { zone, sshConfig }: { zone: string; sshConfig: string | undefined },
  say: Say,
): { text: string; questions: readonly Question[] } {
  const writer = new PlanWriter(say)
  const put = (key: string, draft: Draft, indent = '', path = '') => writer.field(key, draft, indent, path)
  const ask = (key: MessageKey): Draft => asked({ key })
  const about = (key: MessageKey) => {
    writer.line()
    writer.comment({ key })
  }
  writer.comment({ key: 'discover.plan.head' })
  writer.comment({ key: 'discover.plan.todo' })
  put('bascule', known(1))
  put('name', known(`${sites.source.id}-${sites.target.id}`))
  put('title', ask('discover.ask.title'))
  put('zone', { is: zone, about: [{ key: 'discover.plan.zone' }] })
  about('discover.plan.window')
  writer.line('window:')
  put('start', ask('discover.ask.start'), '  ', 'window')
  put('length', ask('discover.ask.length'), '  ', 'window')
  put('rollbackReserve', known('20 min'), '  ', 'window')
  if (sshConfig !== undefined) writer.line(`\nssh: ${flow({ configFile: sshConfig })}`)
  about('discover.plan.sites')
  writer.line('sites:')
  for (const side of ['source', 'target'] as const) putSite(writer, side, sites)
  writer.line()
  put('signatures', known('declared'))
  about('discover.plan.people')
  writer.line('people:')
  writer.line('  - role: lead')
  put('name', ask('discover.ask.name'), '    ', 'people[0]')
  put('contact', ask('discover.ask.contact'), '    ', 'people[0]')
  put('available', known('J-14 to J+7'), '    ', 'people[0]')
  about('discover.plan.components')
  writer.line(components.length === 0 ? 'components: {}' : 'components:')
  for (const one of components) putComponent(writer, one)
  about('discover.plan.checks')
  writer.line('checks:')
  for (const { id, draft } of components)
    for (const { measure, threshold, gate, onFailure } of draft.checks)
      writer.line(
        `  ${id}-${kebab(measure)}: ${flow({ component: id, measure, ...threshold, gate, onFailure })}`,
      )
  about('discover.plan.gates')
  writer.line('gates:')
  writer.line('  go: {signoffs: [lead]}')
  writer.line('  integrity: {signoffs: []}')
  writer.line('  reopen: {signoffs: [lead]}')
  about('discover.plan.rollback')
  writer.line('rollback: {databaseStart: 5 min, serviceStartAttempts: 3, lineLost: 5 min, margin: 10 min}')
  return { text: `${writer.lines.join('\n')}\n`, questions: writer.questions }
}

function putSite(writer: PlanWriter, side: SiteSide, sites: Sites): void {
  const { id, hosts } = sites[side]
  writer.line(`  ${side}:`)
  writer.field('id', known(id), '    ', `sites.${side}`)
  writer.field('title', known(id), '    ', `sites.${side}`)
  writer.line('    hosts:')
  for (const host of hosts) {
    const { key } = host.planned
    const path = `sites.${side}.hosts`
    writer.field(key, hostDraft(host), '      ', path)
  }
}

function hostDraft({ planned, addresses, facts, asRoot }: Host): Draft {
  const [only] = addresses
  const address: Draft =
    only !== undefined && addresses.length === 1
      ? known(only)
      : asked({ key: 'discover.ask.address', values: { host: planned.ssh } }, addresses)
  return {
    about: [
      { key: 'discover.plan.host', values: { name: facts.name, system: facts.system } },
      ...(asRoot ? [] : [{ key: 'discover.plan.noRoot' as const }]),
    ],
    fields: { ssh: known(planned.ssh), address },
  }
}

function putComponent(writer: PlanWriter, { id, kind, needs, draft, host }: Component): void {
  const path = `components.${id}`
  const [first] = draft.about
  writer.line()
  writer.comment({ key: 'discover.plan.found', values: { host: host.ssh } }, '  ')
  if (first !== undefined) for (const text of draft.about) writer.comment(text, '  ')
  writer.line(`  ${id}:`)
  writer.field('kind', known(kind), '    ', path)
  writer.field('criticality', known(draft.criticality), '    ', path)
  writer.field('owner', known('lead'), '    ', path)
  if (needs.length > 0) writer.field('needs', known(needs), '    ', path)
  for (const [name, value] of Object.entries(draft.fields)) writer.field(name, value, '    ', path)
}

const kebab = (name: string): string => name.replaceAll(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
