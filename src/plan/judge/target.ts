import type { Text } from '../../model/text.ts'
import { gigabytes } from './figures.ts'
import type { Judged, JudgeRule, RuleFinding } from './judgement.ts'
import { addToArchitecture } from './repairs/values.ts'

/** What stands at the target once users are there. Without `architecture` the plan does not say, and nothing is judged. */
export const targetRules: JudgeRule[] = [
  absent('target.no-monitoring', 'monitoring', { key: 'plan.judge.noMonitoring' }),
  absent('target.no-backup', 'backup', { key: 'plan.judge.noBackup' }),
  absent('target.no-power', 'power', { key: 'plan.judge.noPower' }),
  { id: 'target.component-missing', judge: componentMissing, repair: addToArchitecture },
  { id: 'target.one-copy', judge: oneCopy },
]

function absent(id: string, part: 'monitoring' | 'backup' | 'power', text: Text): JudgeRule {
  return {
    id,
    judge({ plan: { architecture, sites } }) {
      if (architecture === undefined || architecture[part] !== undefined) return []
      return [
        {
          level: 'warn',
          path: ['architecture', part],
          text: { ...text, values: { site: sites.target.title } },
          remedy: { key: 'plan.judge.absent.remedy', values: { part } },
          figures: {},
        },
      ]
    },
  }
}

/** What has a size moves, and must be somewhere afterwards. */
function componentMissing({ plan: { architecture, components, sites } }: Judged): RuleFinding[] {
  if (architecture === undefined) return []
  return Object.values(components)
    .filter(({ id, declaredSizeBytes }) => declaredSizeBytes && !architecture.components.includes(id))
    .map(({ id, title, declaredSizeBytes }) => ({
      level: 'warn',
      path: ['architecture', 'components'],
      text: {
        key: 'plan.judge.componentMissing',
        values: { component: title, size: gigabytes(declaredSizeBytes ?? 0), site: sites.target.title },
      },
      remedy: { key: 'plan.judge.componentMissing.remedy', values: { component: id } },
      figures: { component: id, bytes: declaredSizeBytes ?? null },
    }))
}

/** Of a critical component whose data users write. */
function oneCopy({ plan: { architecture, components, sites }, kinds }: Judged): RuleFinding[] {
  return Object.entries(architecture?.copies ?? {})
    .filter(([id, copies]) => {
      const component = components[id]
      const holdsData = component !== undefined && kinds[component.kind]?.returnPath !== undefined
      return copies === 1 && holdsData && component.criticality === 'critical'
    })
    .map(([id, copies]) => ({
      level: 'warn',
      path: ['architecture', 'copies', id],
      text: {
        key: 'plan.judge.oneCopy',
        values: { component: components[id]?.title ?? id, copies, site: sites.target.title },
      },
      remedy: { key: 'plan.judge.oneCopy.remedy' },
      figures: { copies, bytes: components[id]?.declaredSizeBytes ?? null },
    }))
}
