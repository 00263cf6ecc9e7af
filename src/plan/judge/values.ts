import type { SiteSide } from '../../model/plan.ts'
import { pathText } from '../error.ts'
import type { Judged, JudgeRule, RuleFinding } from './judgement.ts'

/** Values that are missing, or that exclude each other. */
export const valueRules: JudgeRule[] = [
  { id: 'values.unknown', judge: unknownValues },
  { id: 'values.fields', judge: fieldsOf },
  { id: 'values.same-port', judge: samePort },
  { id: 'values.tree-inside', judge: treeInside },
]

/** The plan says `?`. */
function unknownValues({ unknown }: Judged): RuleFinding[] {
  return unknown.map(path => {
    const isThreshold = path[0] === 'rollback' || path[0] === 'checks'
    return {
      level: 'block',
      path,
      text: {
        key: isThreshold ? 'plan.judge.thresholdUnknown' : 'plan.judge.valueUnknown',
        values: { path: pathText(path) },
      },
      remedy: { key: 'plan.judge.valueUnknown.remedy' },
      figures: {},
    }
  })
}

/** What each kind says of its own fields. */
function fieldsOf({ plan, kinds, isUnknown }: Judged): RuleFinding[] {
  return Object.values(plan.components).flatMap(component =>
    (kinds[component.kind]?.remarks?.(component, plan) ?? [])
      .map(remark => ({ ...remark, path: ['components', component.id, ...remark.path], figures: {} }))
      .filter(({ path }) => !isUnknown(...path)),
  )
}

const sides: readonly SiteSide[] = ['source', 'target']

/** Two components at one port of one host. */
function samePort({ roles, plan }: Judged): RuleFinding[] {
  const all = roles('connects')
  return sides.flatMap(side =>
    all.flatMap(({ component, value }, index) => {
      const { host, port } = value[side]
      const twin = all
        .slice(0, index)
        .find(({ value: other }) => other[side].host === host && other[side].port === port)
      if (twin === undefined) return []
      const values = { component, twin: twin.component, host, port, site: plan.sites[side].title }
      return [
        {
          level: 'block' as const,
          path: ['components', component, side],
          text: { key: 'plan.judge.samePort' as const, values },
          remedy: { key: 'plan.judge.samePort.remedy' as const },
          figures: { port },
        },
      ]
    }),
  )
}

/** A tree that is, or lies in, that of another component: the one's sync deletes what the other's brought. */
function treeInside({ roles }: Judged): RuleFinding[] {
  const all = roles('tree')
  return sides.flatMap(side =>
    all.flatMap(({ component, value }) =>
      all.flatMap(({ component: other, value: outer }, index) => {
        const [inner, around] = [value[side], outer[side]]
        const isSame = inner.path === around.path
        // of two that are the same, the later one is told
        const isLater = all.findIndex(one => one.component === component) > index
        const isInside = isSame ? isLater : inner.path.startsWith(`${around.path}/`)
        if (component === other || inner.host !== around.host || !isInside) return []
        const values = { path: inner.path, around: around.path, other }
        return [
          {
            level: 'block' as const,
            path: ['components', component, side],
            text: { key: 'plan.judge.treeInside' as const, values },
            remedy: { key: 'plan.judge.treeInside.remedy' as const },
            figures: {},
          },
        ]
      }),
    ),
  )
}
