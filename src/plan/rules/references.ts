import type { Kind } from '../../model/kind.ts'
import type { SiteSide } from '../../model/plan.ts'
import type { MessageKey } from '../../model/text.ts'
import type { Path, PlanError } from '../error.ts'
import type { PlanNode } from '../node.ts'
import { entriesOf, itemsOf, nodeAt, textOf } from '../node.ts'
import { errorAt, unknownReference } from './rule.ts'

/** Every name that must stand for something: components, roles, hosts. */
export function references(root: PlanNode): PlanError[] {
  return [
    ...needs(root),
    ...roles(root),
    ...hosts(root),
    ...outsideHosts(root, ['components'], nodeAt(root, 'components')),
  ]
}

/** In `needs`, and wherever an item of a list names its `component`. */
function needs(root: PlanNode): PlanError[] {
  const components = entriesOf(nodeAt(root, 'components'))
  const known = components.map(([id]) => id)
  return components.flatMap(([id, component]) => [
    ...missing(root, ['components', id, 'needs'], nodeAt(component, 'needs'), 'plan.unknownComponent', known),
    ...entriesOf(component).flatMap(([field, list]) =>
      itemsOf(list).flatMap((item, index) => {
        const path = ['components', id, field, index, 'component']
        return unknown(root, path, nodeAt(item, 'component'), 'plan.unknownComponent', known)
      }),
    ),
  ])
}

function roles(root: PlanNode): PlanError[] {
  if (nodeAt(root, 'people')?.type !== 'list') return [] // said already; not once more for each role
  const known = [
    ...new Set(itemsOf(nodeAt(root, 'people')).flatMap(person => textOf(nodeAt(person, 'role')) ?? [])),
  ]
  const owners = ['components', 'phases', 'schedule'].flatMap(part =>
    entriesOf(nodeAt(root, part)).flatMap(([id, node]) =>
      unknown(root, [part, id, 'owner'], nodeAt(node, 'owner'), 'plan.unknownRole', known),
    ),
  )
  const signoffs = entriesOf(nodeAt(root, 'gates')).flatMap(([gate, node]) =>
    missing(root, ['gates', gate, 'signoffs'], nodeAt(node, 'signoffs'), 'plan.unknownRole', known),
  )
  const exception = nodeAt(root, 'readiness', 'exceptionBy')
  const readiness = unknown(root, ['readiness', 'exceptionBy'], exception, 'plan.unknownRole', known)
  return [...owners, ...signoffs, ...readiness]
}

const unknownHostKeys: Record<SiteSide, MessageKey> = {
  source: 'plan.unknownHost.source',
  target: 'plan.unknownHost.target',
}

/** `source.host` is a host of the source site, `target.host` of the target; any other `host` is one at both. */
function hosts(root: PlanNode): PlanError[] {
  return entriesOf(nodeAt(root, 'components')).flatMap(([id, component]) =>
    entriesOf(component).flatMap(([field, value]) => {
      const path = ['components', id, field, 'host']
      const sides: readonly SiteSide[] =
        field === 'source' || field === 'target' ? [field] : ['source', 'target']
      return sides.flatMap(side => {
        const hostsThere = nodeAt(root, 'sites', side, 'hosts')
        if (hostsThere?.type !== 'map') return []
        const known = entriesOf(hostsThere).map(([name]) => name)
        return unknown(root, path, nodeAt(value, 'host'), unknownHostKeys[side], known)
      })
    }),
  )
}

/** Wherever in a component one looks from outside (`outside: tester`), the plan has that host. */
function outsideHosts(root: PlanNode, path: Path, node: PlanNode | undefined): PlanError[] {
  const known = entriesOf(nodeAt(root, 'outside')).map(([name]) => name)
  const below = [...entriesOf(node), ...itemsOf(node).map((item, index) => [index, item] as const)]
  return below.flatMap(([key, value]) =>
    key === 'outside'
      ? unknown(root, [...path, key], value, 'plan.unknownHost.outside', known)
      : outsideHosts(root, [...path, key], value),
  )
}

/** What a check measures: a component, and something its kind can measure. */
export function measures(root: PlanNode, kinds: Record<string, Kind>): PlanError[] {
  if (nodeAt(root, 'components')?.type !== 'map') return []
  const components = entriesOf(nodeAt(root, 'components'))
  return entriesOf(nodeAt(root, 'checks')).flatMap(([id, check]) => {
    const componentId = textOf(nodeAt(check, 'component'))
    if (componentId === undefined) return []
    const component = components.find(([name]) => name === componentId)?.[1]
    const path = ['checks', id]
    const ids = components.map(([name]) => name)
    if (component === undefined)
      return [unknownReference(root, [...path, 'component'], 'plan.unknownComponent', componentId, ids)]
    const kind = kindOf(component, kinds)
    if (kind === undefined) return []
    const known = Object.keys(kind.measures)
    const measure = nodeAt(check, 'measure')
    const field = measureNamed(kind, textOf(measure))?.needsField
    if (field !== undefined && nodeAt(component, field) === undefined) {
      const values = { name: textOf(measure) ?? '', component: componentId, field }
      return [errorAt(root, [...path, 'measure'], { key: 'plan.measureNeedsField', values })]
    }
    return unknown(root, [...path, 'measure'], measure, 'plan.unknownMeasure', known)
  })
}

const measureNamed = ({ measures: all }: Kind, name = '') =>
  Object.hasOwn(all, name) ? all[name] : undefined

export function kindOf(component: PlanNode | undefined, kinds: Record<string, Kind>): Kind | undefined {
  const name = textOf(nodeAt(component, 'kind'))
  return name !== undefined && Object.hasOwn(kinds, name) ? kinds[name] : undefined
}

export function missing(
  root: PlanNode,
  path: Path,
  list: PlanNode | undefined,
  key: MessageKey,
  known: string[],
): PlanError[] {
  const seen = new Set<string>()
  return itemsOf(list).flatMap((item, index) => {
    const name = textOf(item)
    if (name === undefined) return []
    const here = [...path, index]
    if (seen.has(name)) return [errorAt(root, here, { key: 'plan.twice', values: { name } })]
    seen.add(name)
    return unknown(root, here, item, key, known)
  })
}

function unknown(
  root: PlanNode,
  path: Path,
  node: PlanNode | undefined,
  key: MessageKey,
  known: string[],
): PlanError[] {
  const name = textOf(node)
  return name === undefined || known.includes(name) ? [] : [unknownReference(root, path, key, name, known)]
}
