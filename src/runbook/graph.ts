import type { Runbook } from '../model/step.ts'

type Node = { id: string; after: readonly string[] }

/**
 * Kahn's order: each node after all that it waits for; among the free ones, the order given is kept, so that
 * equal plans give equal runbooks. What is left in a cycle is returned apart.
 */
export function topologicalOrder<T extends Node>(nodes: readonly T[]): { ordered: T[]; cycle: string[] } {
  const ordered: T[] = []
  const placed = new Set<string>()
  let rest = [...nodes]
  while (rest.length > 0) {
    const next = rest.find(node => node.after.every(id => placed.has(id)))
    if (next === undefined) return { ordered, cycle: rest.map(node => node.id) }
    ordered.push(next)
    placed.add(next.id)
    rest = rest.filter(node => node !== next)
  }
  return { ordered, cycle: [] }
}

const closures = new WeakMap<Runbook, Map<string, Set<string>>>()

/** For each step and gate: all that it waits for, directly or not. Kept by runbook, which never changes. */
export function prerequisites(runbook: Runbook): Map<string, Set<string>> {
  const known = closures.get(runbook)
  if (known !== undefined) return known
  const closure = new Map<string, Set<string>>()
  for (const node of topologicalOrder([...runbook.steps, ...runbook.gates]).ordered) {
    const all = new Set(node.after)
    for (const id of node.after) for (const earlier of closure.get(id) ?? []) all.add(earlier)
    closure.set(node.id, all)
  }
  closures.set(runbook, closure)
  return closure
}

/** Drops edges that follow from others, so that a person can read the graph. */
export function transitiveReduction<T extends Node>(nodes: readonly T[]): T[] {
  const after = new Map(nodes.map(node => [node.id, node.after]))
  const reach = new Map<string, Set<string>>()
  const reachOf = (id: string): Set<string> => {
    const known = reach.get(id)
    if (known !== undefined) return known
    const found = new Set<string>()
    reach.set(id, found)
    for (const previous of after.get(id) ?? []) {
      found.add(previous)
      for (const further of reachOf(previous)) found.add(further)
    }
    return found
  }
  return nodes.map(node => {
    const kept = node.after.filter(id => !node.after.some(other => other !== id && reachOf(other).has(id)))
    return { ...node, after: kept }
  })
}
