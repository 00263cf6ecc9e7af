import { randomUUID } from 'node:crypto'
import type { Event } from '../model/event.ts'
import type { Facts, FactsByComponent, Finding } from '../model/fact.ts'
import { Failure } from '../model/failure.ts'
import type { ChangeIo } from '../model/io.ts'
import type { Kind } from '../model/kind.ts'
import type { Component, Plan } from '../model/plan.ts'
import { rolesOf } from '../model/roles.ts'
import type { RunMode } from '../model/step.ts'
import { failureRecord } from './failure-record.ts'
import { type Compared, clockFindings, compareClocks } from './host-clocks.ts'
import type { OpenState } from './state.ts'

/** A firewall tries every flow from every zone, one wave after the other; a busy host takes its time for that. Seconds. */
const longestAuditSeconds = 600

export type Audited = { facts: FactsByComponent; findings: Finding[] }

/**
 * Asks every component of both sites, in parallel where their kinds let it, and writes the answers down. Changes nothing. A component that cannot
 * be asked is a finding that blocks, and the others are audited all the same. `mode` is what is to come: before the
 * preparation much is only a warning that blocks the night.
 */
export async function recordAudit(
  state: OpenState,
  plan: Plan,
  kinds: Record<string, Kind>,
  mode: RunMode,
  run = auditId(),
  limitSeconds = longestAuditSeconds,
): Promise<Audited> {
  const components = Object.values(plan.components)
  const answers = new Map<string, PromiseSettledResult<Facts>>()
  for (const turn of turnsOf(components, kinds)) {
    const ended = await Promise.allSettled(
      turn.map(component => auditOne(state, plan, kinds, mode, component, limitSeconds)),
    )
    for (const [index, { id }] of turn.entries()) answers.set(id, ended[index] as PromiseSettledResult<Facts>)
  }
  const clocks = await compareClocks(state.hosts, ioFor(state, 'clocks', limitSeconds).io)
  const facts: FactsByComponent = {}
  const findings: Finding[] = []
  for (const component of components) {
    const answer = answers.get(component.id)
    if (answer?.status === 'fulfilled') {
      const asked: Recorded<'facts'> = {
        type: 'facts.recorded',
        component: component.id,
        facts: answer.value,
      }
      facts[component.id] = written(state, run, asked).facts
    } else findings.push(unaudited(component, answer?.reason))
  }
  findings.push(...recordClocks(state, run, clocks), ...judgeFacts(plan, kinds, mode, facts))
  const recorded: Recorded<'findings'> = { type: 'findings.recorded', findings }
  return { facts, findings: written(state, run, recorded).findings }
}

/** Those beside which others answer late come when all others have answered, one after the other. */
function turnsOf(components: readonly Component[], kinds: Record<string, Kind>): Component[][] {
  const isAlone = ({ kind }: Component): boolean => kinds[kind]?.auditsAlone === true
  return [
    components.filter(component => !isAlone(component)),
    ...components.filter(isAlone).map(component => [component]),
  ]
}

export const auditId = (): string => `audit-${randomUUID().slice(0, 8)}`

type Recorded<What extends string> = Extract<Event, { type: `${What}.recorded` }>

/** As the journal has it: a secret that a program printed in its answer is judged, shown and kept by nobody. */
const written = <E extends Event>(state: OpenState, run: string, event: E): E =>
  state.journal.append(run, event).event as E

async function auditOne(
  state: OpenState,
  plan: Plan,
  kinds: Record<string, Kind>,
  mode: RunMode,
  component: Component,
  limitSeconds: number,
): Promise<Facts> {
  const { io, signal } = ioFor(state, component.id, limitSeconds)
  const context = { plan, mode, facts: {}, roles: rolesOf(plan, kinds, {}) }
  try {
    return await kindOf(kinds, component).audit(component, context, io)
  } catch (cause) {
    if (!signal.aborted) throw cause
    throw new Failure(
      { key: 'run.audit.tooLong', values: { component: component.id, seconds: limitSeconds } },
      { remedy: { key: 'run.audit.tooLong.remedy' }, cause },
    )
  }
}

function ioFor(state: OpenState, what: string, limitSeconds: number): { io: ChangeIo; signal: AbortSignal } {
  const signal = AbortSignal.timeout(limitSeconds * 1000)
  return { signal, io: state.transport.ioFor({ key: `audit/${what}`, signal }) }
}

function recordClocks(state: OpenState, run: string, compared: Record<string, Compared>): Finding[] {
  const clocks = Object.fromEntries(
    Object.entries(compared).flatMap(([host, one]) => ('clock' in one ? [[host, one.clock]] : [])),
  )
  written(state, run, { type: 'clocks.compared', clocks })
  return clockFindings(compared)
}

/** What the facts mean, for every component that has been audited. Pure. */
export function judgeFacts(
  plan: Plan,
  kinds: Record<string, Kind>,
  mode: RunMode,
  facts: FactsByComponent,
): Finding[] {
  const roles = rolesOf(plan, kinds, facts)
  return Object.values(plan.components).flatMap(component => {
    const known = facts[component.id]
    if (known === undefined) return []
    return kindOf(kinds, component).findings(component, known, { plan, mode, facts, roles })
  })
}

function unaudited(component: Component, reason: unknown): Finding {
  const { text, remedy } = failureRecord(reason)
  return {
    id: `${component.id}.unaudited`,
    component: component.id,
    level: 'block',
    text,
    ...(remedy && { remedy }),
  }
}

function kindOf(kinds: Record<string, Kind>, component: Component): Kind {
  const kind = kinds[component.kind]
  if (kind !== undefined) return kind
  throw new Failure({ key: 'runbook.unknownKind', values: { component: component.id, kind: component.kind } })
}
