import { fields } from './spec-fields.ts'
import { checkNames } from './spec-names.ts'

/** Who may reach what, at two gateways. */
export const nftablesSpec = fields.superRefine(checkNames)
export type { NftablesSpec, VantageSpec, VlanSpec, ZoneSide } from './spec-fields.ts'
