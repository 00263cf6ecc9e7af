import type { Judgement } from '../kit/kind-parts.ts'
import { linkRate } from '../kit/link-rate.ts'
import { type AboutMachine, machineFacts } from './facts.ts'
import { type Found, judgement, type Rule, type Seen } from './finding-rules/judgement.ts'
import { agent, cpu, machine } from './finding-rules/machine.ts'
import { addresses, network } from './finding-rules/network.ts'
import { hosts, reach, rights } from './finding-rules/reach.ts'
import { storage } from './finding-rules/storage.ts'
import { linkMbpsOf } from './machine/disk-rates.ts'
import {
  transferMethods as allWays,
  type Choice,
  chooseMethod,
  compareMethods,
  unprovenOf,
} from './methods/choose.ts'
import { endsOf } from './sides.ts'
import { megabytes } from './sizes.ts'

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

/** Every way: possible or not and why, what it costs; and which one is taken. */
function ways(seen: Seen): Found[] {
  const { audit, spec, linkMbps } = seen
  // Without these no way can be judged, and what is missing is said already.
  if (audit.disks === undefined || audit.targetVersion === undefined) return []
  const machine = machineFacts(audit)
  const chosen = chooseMethod(allWays, machine, spec, linkMbps)
  const all = compareMethods(allWays, machine, spec, linkMbps).map(choice => judged(seen, choice, chosen))
  const values = { ...titled(seen), linkMbps }
  const remedy = { key: 'proxmox-vm.unproven.remedy' } as const
  const never = unprovenOf(chosen?.way.name).map(
    (text): Found => ({ name: 'unproven', level: 'warn', text, remedy }),
  )
  const assumed: Found[] = seen.isLinkKnown ? [] : [{ name: 'link-rate-unknown', level: 'warn', values }]
  const none: Found[] = chosen === undefined ? [{ name: 'no-way', level: 'block', values: titled(seen) }] : []
  return [...all, ...never, ...assumed, ...none]
}

const titled = ({ component }: Seen) => ({ machine: component.title })

function judged(seen: Seen, { way, possibility, forecast }: Choice, chosen: Choice | undefined): Found {
  const isChosen = chosen?.way.name === way.name
  if (!possibility.possible) {
    const { why, ofMethod, remedy } = possibility
    return {
      name: `way-${way.name}`,
      level: isChosen ? 'block' : 'ok',
      text: {
        key: ofMethod,
        values: { ...why.values, moved: seen.component.title, way: way.name },
      },
      ...(isChosen ? { remedy } : {}),
    }
  }
  const values = {
    ...titled(seen),
    way: way.name,
    cutSeconds: Math.ceil(forecast.cutSeconds),
    windowMegabytes: megabytes(forecast.windowBytes),
    linkMbps: Math.round(seen.linkMbps),
  }
  return { name: isChosen ? 'way-chosen' : 'way-possible', level: 'ok', values }
}
