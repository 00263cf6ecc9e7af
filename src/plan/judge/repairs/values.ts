import { pathText } from '../../error.ts'
import { suggestedRollback } from '../../suggested.ts'
import type { Judged, Proposal, Repair, RuleFinding } from '../judgement.ts'

/** Repairs of values that are missing. */

/** What `bascule init` writes, or what the component's kind suggests. Without a suggestion it is for people. */
export const giveValue: Repair = (judged, { path }) =>
  suggestionsFor(judged, path).map((value): Proposal => {
    const values = { path: pathText(path), value }
    return { text: { key: 'plan.repair.value', values }, edits: [{ path, put: value }] }
  })

function suggestionsFor({ plan, kinds }: Judged, path: RuleFinding['path']): readonly (string | number)[] {
  const [section, id = '', ...field] = path
  const general = section === 'rollback' ? suggestedRollback[id] : undefined
  if (general !== undefined) return [general]
  if (section === 'components')
    return kinds[plan.components[id]?.kind ?? '']?.suggests?.[pathText(field)] ?? []
  const check = section === 'checks' && field[0] === 'equals' ? plan.checks[id] : undefined
  if (check === undefined) return []
  const measure = kinds[plan.components[check.component]?.kind ?? '']?.measures[check.measure]
  return measure?.requiredAtGo === undefined ? [] : [measure.requiredAtGo.equals]
}

/** What the plan itself moves there stands there. */
export const addToArchitecture: Repair = ({ plan }, { figures }) => {
  const component = plan.components[String(figures.component)]
  if (component === undefined) return []
  return [
    {
      text: { key: 'plan.repair.architecture', values: { component: component.title } },
      edits: [{ path: ['architecture', 'components'], append: component.id }],
    },
  ]
}
