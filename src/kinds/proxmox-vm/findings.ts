import type { Facts, Finding } from '../../model/fact.ts'
import type { PlanContext } from '../../model/kind.ts'
import type { Component } from '../../model/plan.ts'
import type { MessageKey } from '../../model/text.ts'
import { linkRate } from '../kit/link-rate.ts'
import { auditOf } from './audit/facts.ts'
import { addresses } from './finding-rules/addresses.ts'
import type { Judgement, Rule, Seen } from './finding-rules/judgement.ts'
import { agent, cpu, machine } from './finding-rules/machine.ts'
import { ways } from './finding-rules/methods.ts'
import { network } from './finding-rules/network.ts'
import { hosts, reach } from './finding-rules/reach.ts'
import { rights } from './finding-rules/rights.ts'
import { sentences } from './finding-rules/sentences.ts'
import { storage } from './finding-rules/storage.ts'
import { assumedLinkMbps } from './machine/disk-rates.ts'
import { machineAt } from './sides.ts'
import { specOf } from './spec.ts'

const rules: Rule[] = [reach, rights, hosts, machine, agent, storage, network, cpu, addresses, ways]

/** What the audited facts mean: each trap by name, with its figures and what to type. Pure. */
export function machineFindings(component: Component, facts: Facts, context: PlanContext): Finding[] {
  if (Object.keys(facts).length === 0) return []
  const rate = linkRate(context.roles)
  const seen: Seen = {
    component,
    spec: specOf(component),
    source: machineAt(component, context.plan, 'source'),
    target: machineAt(component, context.plan, 'target'),
    audit: auditOf(facts),
    linkMbps: rate?.mbps ?? assumedLinkMbps,
    isLinkKnown: rate !== undefined,
  }
  return rules.flatMap(rule => rule(seen)).map(judgement => finding(component.id, judgement))
}

function finding(component: string, judgement: Judgement): Finding {
  const { name, level, values = {} } = judgement
  if (judgement.text !== undefined)
    return {
      id: name,
      component,
      level,
      text: judgement.text,
      ...(judgement.remedy && { remedy: judgement.remedy }),
    }
  const [what, how] = sentences[judgement.name] as readonly [MessageKey, MessageKey?]
  const remedy = judgement.remedy ?? (level !== 'ok' && how ? { key: how, values } : undefined)
  return { id: name, component, level, text: { key: what, values }, ...(remedy && { remedy }) }
}
