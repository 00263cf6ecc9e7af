import { machineFacts } from '../facts.ts'
import { transferMethods as allWays } from '../methods/all.ts'
import { type Choice, chooseMethod, compareMethods } from '../methods/choose.ts'
import { megabytes } from '../sizes.ts'
import { unprovenOf } from '../unproven.ts'
import type { Found, Rule, Seen } from './judgement.ts'

/** Every way: possible or not and why, what it costs; and which one is taken. */
export const ways: Rule = seen => {
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
