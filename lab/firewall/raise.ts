import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { treeOf } from '../paths.ts'
import type { HostPlan } from '../topology.ts'
import type { LabPart } from '../types.ts'
import { deliveredRuleset, montpellierRuleset } from './montpellier.ts'

/** Montpellier's gateway has its administrator's rules, Toulouse's none. The gateway loads them when it boots. */
export function writeFirewall(
  lab: { name: string; index: number; parts: readonly LabPart[] },
  { name, site }: HostPlan,
): void {
  if (!lab.parts.includes('network')) return
  const ruleset = site === 'montpellier' ? montpellierRuleset(lab.index) : deliveredRuleset
  const etc = join(treeOf(lab.name, name), 'etc')
  if (site === 'montpellier') mkdirSync(join(etc, 'nftables.d'))
  writeFileSync(join(etc, 'nftables.conf'), ruleset, { mode: 0o755 })
}
