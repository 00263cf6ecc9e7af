import type { Facts, Finding } from '../../model/fact.ts'
import type { PlanContext } from '../../model/kind.ts'
import type { Component } from '../../model/plan.ts'

export function machineFindings(_component: Component, _facts: Facts, _context: PlanContext): Finding[] {
  return []
}
