import type { Text } from '../../model/text.ts'
import { thrice } from '../kit/timings.ts'
import type { AboutWireguard } from './facts.ts'
import { gatewaysOf, testerOf } from './gateways.ts'

/** Beside what a gateway may take to come up: ssh, its manager, its file. */
const marginSeconds = 60
/** A gateway may be taken down and brought up again. */
export const deadlineOf = ({ spec }: AboutWireguard): number => 2 * spec.startSeconds + marginSeconds

/** What the steps of a VPN have in common. */
export const timings = (about: AboutWireguard, expectedSeconds: number) => ({
  expectedSeconds,
  deadlineSeconds: deadlineOf(about),
  ...thrice,
  trigger: 'failure' as const,
})

export const undoBy = (about: AboutWireguard, expectedSeconds: number, byHand: Text) => ({
  possible: true as const,
  expectedSeconds,
  deadlineSeconds: deadlineOf(about),
  byHand,
})
export const nothingToUndo = { possible: false, why: { key: 'wireguard.undo.nothing' } } as const

/** The values by which the sentences of a step name the VPN. */
export function shown(about: AboutWireguard): NonNullable<Text['values']> {
  const { source, target } = gatewaysOf(about)
  return {
    component: about.component.id,
    source: source.siteTitle,
    target: target.siteTitle,
    sourceHost: source.host.ssh,
    targetHost: target.host.ssh,
    tester: testerOf(about).ssh,
    file: about.spec.configFile,
    interface: about.spec.interface,
  }
}
