import type { Component } from '../../model/plan.ts'
import { fields, type NftablesSpec } from './spec-fields.ts'
import { checkNames } from './spec-names.ts'

/** Who may reach what, at two gateways. */
export const nftablesSpec = fields.superRefine(checkNames)
export type { NftablesSpec, VantageSpec, VlanSpec, ZoneSide } from './spec-fields.ts'

/** The component's own fields; the plan has already been checked against them. */
export const specOf = (component: Component): NftablesSpec => nftablesSpec.parse(component.spec)
