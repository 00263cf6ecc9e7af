import { Temporal } from 'temporal-polyfill'
import { isPrivateAddress } from '../../model/address.ts'
import { millisecondsOf } from '../../model/instant.ts'
import type { SiteSide } from '../../model/plan.ts'
import { pathText } from '../error.ts'
import type { Judged, JudgeRule, RuleFinding } from './judgement.ts'
import { giveValue } from './repairs/values.ts'

/** Values that are missing, or that exclude each other. */
export const valueRules: JudgeRule[] = [
  { id: 'values.unknown', judge: unknownValues, repair: giveValue },
  { id: 'values.window-past', judge: windowPast },
  { id: 'values.fields', judge: fieldsOf },
  { id: 'values.public-text', judge: publicText },
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

/** The window has ended: nobody comes. */
function windowPast({ plan: { window, zone }, now }: Judged): RuleFinding[] {
  if (now === undefined) return []
  const end = Temporal.ZonedDateTime.from(`${window.start}[${zone}]`).add({ minutes: window.lengthMinutes })
  const secondsAgo = Math.round((millisecondsOf(now) - end.epochMilliseconds) / 1000)
  if (secondsAgo <= 0) return []
  const values = { end: end.toPlainDateTime().toString({ smallestUnit: 'minute' }).replace('T', ' ') }
  return [
    {
      level: 'warn',
      path: ['window', 'start'],
      text: { key: 'plan.judge.windowPast', values },
      remedy: { key: 'plan.judge.windowPast.remedy' },
      figures: { secondsAgo },
    },
  ]
}

/** A notice goes to everybody: how the estate is reached from inside is for nobody outside. */
function publicText({ plan: { notices, sites } }: Judged): RuleFinding[] {
  const hosts = sides.flatMap(side => Object.values(sites[side].hosts))
  // a host's short name may be a word of the sentence
  const inner = [...new Set(hosts.flatMap(({ ssh, address }) => [ssh, address]))].filter(one =>
    /[.:]/.test(one),
  )
  return notices.flatMap(({ id, subject }): RuleFinding[] => {
    const words = subject.split(/[\s,;()<>«»"'[\]]+/).map(word => word.replace(/[.:!?]+$/, ''))
    const found = words.find(word => inner.includes(word) || isPrivateAddress(word))
    if (found === undefined) return []
    return [
      {
        level: 'warn',
        path: ['notices', id, 'subject'],
        text: { key: 'plan.judge.publicText', values: { found } },
        remedy: { key: 'plan.judge.publicText.remedy' },
        figures: {},
      },
    ]
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
