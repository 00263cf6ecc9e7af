import type { Text } from '../../model/text.ts'
import { shortDeadlineSeconds, twice } from '../kit/timings.ts'
import type { GatewaySide } from './sides.ts'

/** What the steps of a firewall have in common. */
export const inPreparation = {
  stage: 'provision',
  ...twice,
  deadlineSeconds: shortDeadlineSeconds,
  trigger: 'failure',
} as const
export const undoBy = (byHand: Text) =>
  ({ possible: true, expectedSeconds: 2, deadlineSeconds: shortDeadlineSeconds, byHand }) as const

export const shown = (at: GatewaySide): NonNullable<Text['values']> => ({
  host: at.host.ssh,
  site: at.siteTitle,
})
