import type { Facts } from '../../model/fact.ts'
import type { ReadIo } from '../../model/io.ts'
import type { JsonObject } from '../../model/json.ts'
import type { PlanContext } from '../../model/kind.ts'
import type { Component } from '../../model/plan.ts'
import { missingTools } from './commands.ts'
import { allOf, hostsOf } from './places.ts'
import { readStanding } from './standing.ts'

/**
 * `hosts`: how many are told. `missingTools`: by host, the programs it lacks; hosts that lack none are left out. `standing`:
 * by host, the site and number written there; hosts where nothing stands are left out.
 */
export async function auditAuthority(
  component: Component,
  { plan }: PlanContext,
  io: ReadIo,
): Promise<Facts> {
  const hosts = allOf(hostsOf(component, plan))
  const missing: JsonObject = {}
  const standing: JsonObject = {}
  await Promise.all(
    hosts.map(async host => {
      const { stdout } = await io.read(host, missingTools())
      if (stdout.trim() !== '') missing[host] = stdout.trim().split('\n')
      const stands = await readStanding(host, plan.name, io)
      if (stands) standing[host] = { site: stands.site, fencingNumber: stands.fencingNumber }
    }),
  )
  const at = io.now()
  return {
    hosts: { value: hosts.length, unit: 'hosts', at },
    missingTools: { value: missing, unit: '', at },
    standing: { value: standing, unit: '', at },
  }
}
