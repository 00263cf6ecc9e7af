import { countsIn } from '../../src/kinds/forwarder/clients.ts'
import { forwarderOf } from '../../src/kinds/forwarder/gateway.ts'
import { kernelOf } from '../../src/kinds/forwarder/kernel.ts'
import { forwarderSpec } from '../../src/kinds/forwarder/spec.ts'
import type { ReadIo } from '../../src/model/io.ts'
import type { Component, Plan } from '../../src/model/plan.ts'
import { execIn } from '../enter.ts'
import type { Lab } from '../types.ts'
import { since } from '../users/failures.ts'
import { readLedger } from '../users/ledger.ts'
import type { LabUsers } from './lab-users.ts'

/** Who came to the old addresses after the switch: machines, each once, and how many of them to each service. */
export type LateVerdict = { clients: number; byService: Record<string, number> }
/** What users met whose resolver gave them the old address for long, and may go on to. */
export type StubbornVerdict = {
  /** Begun after users could come again. */
  requests: number
  failedAfterReopening: number
  /** Of those that failed, what happened to each kind. */
  failures: Record<string, number>
}

/** Asks the old gateway's kernel, on its own host. Nobody when nothing is passed on. */
export async function lateOf(lab: Lab, plan: Plan): Promise<LateVerdict> {
  const component = Object.values(plan.components).find(isForwarder)
  if (component === undefined) return { clients: 0, byService: {} }
  const { host, spec } = forwarderOf({ component, spec: forwarderSpec.parse(component.spec), plan })
  const counts = countsIn(await kernelOf(host, insideOf(lab)), component.id, spec)
  const byService = Object.entries(counts?.services ?? {}).map(([name, { clients }]) => [name, clients])
  const clients = new Set(counts?.clients.map(({ client }) => client))
  return { clients: clients.size, byService: Object.fromEntries(byService) }
}

const isForwarder = ({ spec }: Component): boolean => forwarderSpec.safeParse(spec).success

/** Runs what is only read straight in the host's namespace: not through Bascule's own door. */
const insideOf = (lab: Lab) =>
  ({
    read: (ssh, argv, options) => execIn(lab, ssh, argv, { allowFailure: options?.allowFailure ?? false }),
  }) as ReadIo

export async function stubbornOf({ stubbornLedger }: LabUsers, back: string): Promise<StubbornVerdict> {
  if (stubbornLedger === undefined) return { requests: 0, failedAfterReopening: 0, failures: {} }
  const { requests, failed } = await since(readLedger(stubbornLedger), back)
  const failures: Record<string, number> = {}
  for (const { outcome } of failed) failures[outcome] = (failures[outcome] ?? 0) + 1
  return { requests, failedAfterReopening: failed.length, failures }
}
