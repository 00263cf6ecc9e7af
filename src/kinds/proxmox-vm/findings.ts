import type { MessageKey } from '../../model/text.ts'
import type { Judgement } from '../kit/kind-parts.ts'
import { linkRate } from '../kit/link-rate.ts'
import type { AboutMachine } from './facts.ts'
import type { Found, Rule, Seen } from './finding-rules/judgement.ts'
import { agent, cpu, machine } from './finding-rules/machine.ts'
import { ways } from './finding-rules/methods.ts'
import { addresses, network } from './finding-rules/network.ts'
import { hosts, reach, rights } from './finding-rules/reach.ts'
import { sentences } from './finding-rules/sentences.ts'
import { storage } from './finding-rules/storage.ts'
import { linkMbpsOf } from './machine/disk-rates.ts'
import { endsOf } from './sides.ts'

const rules: Rule[] = [reach, rights, hosts, machine, agent, storage, network, cpu, addresses, ways]

/** What the audited facts mean: each trap by name, with its figures and what to type. Pure. */
export function findings(about: AboutMachine): Judgement[] {
  if (Object.keys(about.facts).length === 0) return []
  const seen: Seen = {
    component: about.component,
    ...endsOf(about),
    audit: about.facts,
    linkMbps: linkMbpsOf(about),
    isLinkKnown: linkRate(about.roles) !== undefined,
  }
  return rules.flatMap(rule => rule(seen)).map(judgement)
}

function judgement(found: Found): Judgement {
  const { name: rule, level, values = {} } = found
  if (found.text !== undefined)
    return { rule, level, text: found.text, ...(found.remedy && { remedy: found.remedy }) }
  const [what, how] = sentences[found.name] as readonly [MessageKey, MessageKey?]
  const remedy = found.remedy ?? (level !== 'ok' && how ? { key: how, values } : undefined)
  return { rule, level, text: { key: what, values }, ...(remedy && { remedy }) }
}
