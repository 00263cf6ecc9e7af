import type { Facts } from '../../model/fact.ts'
import type { ReadIo } from '../../model/io.ts'
import type { PlanContext } from '../../model/kind.ts'
import type { Component } from '../../model/plan.ts'

/** Reads both clusters, the hypervisors and the guest; writes nothing. */
export async function auditMachine(
  _component: Component,
  _context: PlanContext,
  _io: ReadIo,
): Promise<Facts> {
  return {}
}
