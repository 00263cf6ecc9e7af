import type { Place } from './error.ts'
import type { MapNode, PlanNode } from './node.ts'

/**
 * Lays an overlay over a plan: maps are merged key by key, everything else is replaced whole, and `null` removes
 * the key. Each node keeps the place it comes from. `removedNothing` is called for a `null` that met no key.
 */
export function mergeOverlay(base: MapNode, overlay: MapNode, removedNothing: RemovedNothing): MapNode {
  return mergeMaps(base, overlay, [], removedNothing)
}
type RemovedNothing = (path: string[], place: Place) => void

function mergeMaps(base: MapNode, overlay: MapNode, path: string[], removedNothing: RemovedNothing): MapNode {
  const entries = new Map(base.entries)
  for (const [key, over] of overlay.entries) {
    const under = entries.get(key)
    if (removes(over.node)) {
      if (!entries.delete(key)) removedNothing([...path, key], over.keyPlace)
    } else if (over.node.type === 'map' && under?.node.type === 'map') {
      const node = mergeMaps(under.node, over.node, [...path, key], removedNothing)
      entries.set(key, { keyPlace: under.keyPlace, node })
    } else {
      entries.set(key, over)
    }
  }
  return { ...base, entries }
}

function removes(node: PlanNode): boolean {
  return node.type === 'scalar' && node.value === null
}
