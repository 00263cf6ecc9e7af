import { slug } from '../../model/slug.ts'
import type { MessageKey, Text } from '../../model/text.ts'
import { scalar } from '../scalar.ts'
import { suggestedRollback } from '../suggested.ts'
import { type Answers, hostRolesOf, type Part, type SiteAnswers } from './answers.ts'
import { checkLines, componentLines } from './component-templates.ts'

/** Writes the commented plan that the answers make. Pure; what it writes passes `bascule check`. */
export function writePlan(answers: Answers, say: (text: Text) => string): string {
  const comment = (key: MessageKey, indent = '') => `${indent}# ${say({ key })}`
  const chosen = (part: Part) => answers.parts.includes(part)
  const lines = [
    comment('plan.init.head'),
    comment('plan.init.head.check'),
    'bascule: 1',
    `name: ${slug(answers.title)}`,
    `title: ${scalar(answers.title)}`,
    `zone: ${answers.zone}`,
    '',
    comment('plan.init.window'),
    `window: {start: ${answers.start}, length: 2 h, rollbackReserve: 20 min}`,
    '',
    comment('plan.init.sites'),
    'sites:',
    ...siteLines('source', answers.source, answers),
    ...siteLines('target', answers.target, answers),
    '',
    comment('plan.init.signatures'),
    'signatures: declared',
    '',
    comment('plan.init.people'),
    'people:',
    `  - role: lead`,
    `    name: ${scalar(answers.lead.name)}`,
    `    contact: ${scalar(answers.lead.contact)}`,
    '    available: J-14 to J+7',
    '',
    comment('plan.init.components'),
    'components:',
    ...componentLines(answers, chosen, comment),
    '',
    comment('plan.init.checks'),
    'checks:',
    ...checkLines(chosen),
    '',
    comment('plan.init.gates'),
    'gates:',
    '  go: {signoffs: [lead]}',
    '  integrity: {signoffs: []}',
    '  reopen: {signoffs: [lead]}',
    '',
    comment('plan.init.rollback'),
    `rollback: {${Object.entries(suggestedRollback)
      .map(([key, value]) => `${key}: ${value}`)
      .join(', ')}}`,
  ]
  return `${lines.join('\n')}\n`
}

function siteLines(side: 'source' | 'target', site: SiteAnswers, answers: Answers): string[] {
  // Two sites of one name are told apart by their side.
  const isTwin = slug(answers.source.title) === slug(answers.target.title)
  const hosts = hostRolesOf(answers.parts).flatMap(role => {
    const host = site.hosts[role]
    if (host === undefined) return []
    return [`      ${role}: {ssh: ${scalar(host.ssh)}, address: ${scalar(host.address)}}`]
  })
  return [
    `  ${side}:`,
    `    id: ${slug(site.title)}${isTwin ? `-${side}` : ''}`,
    `    title: ${scalar(site.title)}`,
    '    hosts:',
    ...hosts,
  ]
}
