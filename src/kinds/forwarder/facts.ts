import { z } from 'zod'
import { isIpv6 } from '../../model/address.ts'
import type { ReadIo } from '../../model/io.ts'
import type { Plan } from '../../model/plan.ts'
import { kindOf } from '../kit/define-kind.ts'
import type { About } from '../kit/kind-parts.ts'
import { missingPrograms } from '../kit/programs.ts'
import { clientForm, countsIn, namedClients, serviceForm } from './clients.ts'
import { addresses, forwardingOn, legacyTables } from './commands.ts'
import { type Forwarder, forwarderOf } from './gateway.ts'
import { droppingChains, earlierRedirects, hasChain, kernelOf, loadedStamp } from './kernel.ts'
import { persistedFile } from './persist.ts'
import { askingAddresses, unreachable } from './reach.ts'
import { ownPriority, tableOf } from './ruleset.ts'
import { type ForwarderSpec, forwarderSpec } from './spec.ts'

const names = { unit: '', value: z.array(z.string()) }
const yesOrNo = { unit: '', value: z.boolean() }
const whose = z.enum(['ours', 'foreign'])

/**
 * What the old gateway would do to what is forwarded, and who has come once it is (the last three). Nothing but `missing` where
 * a program is not installed.
 */
const facts = {
  missing: names,
  table: { unit: '', value: z.enum(['none', ...whose.options]) },
  forwardingOff: names,
  addressesNotThere: names,
  droppingChains: { unit: '', value: z.array(z.object({ table: z.string(), chain: z.string() })) },
  acceptInMissing: names,
  earlierRedirects: names,
  legacyTables: names,
  /** Null when nothing is to be kept. */
  includedAtBoot: { unit: '', value: z.boolean().nullable() },
  keptFile: { unit: '', value: z.enum(['nothing', ...whose.options]) },
  directoryMissing: yesOrNo,
  unreachable: names,
  sinceSeconds: { unit: 's', value: z.number() },
  services: { unit: '', value: z.record(z.string(), serviceForm) },
  clients: { unit: '', value: z.array(clientForm) },
} as const

export type ForwarderFacts = { [Name in keyof typeof facts]?: z.infer<(typeof facts)[Name]['value']> }
export type AboutForwarder = About<ForwarderSpec, ForwarderFacts>

/** Name, fields and facts of the kind, for its actions and for what puts it together. */
export const forwarder = kindOf('forwarder', forwarderSpec, facts)

export async function audit(about: AboutForwarder, io: ReadIo): Promise<ForwarderFacts> {
  const at = forwarderOf(about)
  const missing = await missingPrograms(io, at.host.ssh, ['nft', 'conntrack'])
  return missing.length > 0 ? { missing } : { missing, ...(await ask(at, about.plan, io)) }
}

async function ask(at: Forwarder, plan: Plan, io: ReadIo): Promise<ForwarderFacts> {
  const { component, spec, host } = at
  const kernel = await kernelOf(host, io)
  const own = await hostAddresses(at, io)
  const counts = countsIn(kernel, component, spec, await askingAddresses(at, plan, io))
  const legacy = (await io.read(host.ssh, legacyTables(), { allowFailure: true })).stdout
  const stamp = await loadedStamp(component, host, io)
  const old = [...new Set(spec.forward.map(({ from }) => from))]
  return {
    table: stamp === undefined ? 'none' : stamp === 'foreign' ? 'foreign' : 'ours',
    forwardingOff: await familiesOff(at, io),
    addressesNotThere: old.filter(address => !own.includes(address)),
    droppingChains: droppingChains(kernel),
    acceptInMissing: spec.acceptIn
      .filter(({ table, chain }) => !hasChain(kernel, table, chain))
      .map(({ table, chain }) => `${table} ${chain}`),
    earlierRedirects: earlierRedirects(kernel, tableOf(component), ownPriority),
    legacyTables: [...new Set(legacy.split(/\s+/).filter(Boolean))],
    includedAtBoot: await includedAtBoot(at, io),
    keptFile: (await persistedFile(at, io)).there,
    directoryMissing: await directoryMissing(at, io),
    unreachable: await unreachable(at, io),
    ...(counts && {
      sinceSeconds: counts.sinceSeconds,
      services: counts.services,
      clients: counts.clients.slice(0, namedClients),
    }),
  }
}

async function hostAddresses({ host }: Forwarder, io: ReadIo): Promise<string[]> {
  const { stdout } = await io.read(host.ssh, addresses())
  const links = JSON.parse(stdout) as { addr_info?: { local?: string }[] }[]
  return links.flatMap(({ addr_info = [] }) => addr_info.flatMap(({ local }) => local ?? []))
}

async function familiesOff({ spec, host }: Forwarder, io: ReadIo): Promise<string[]> {
  const wanted = [...new Set(spec.forward.map(({ from }) => (isIpv6(from) ? 'ipv6' : 'ipv4')))] as const
  const off = await Promise.all(
    wanted.map(async family => {
      const { stdout } = await io.read(host.ssh, forwardingOn(family))
      return stdout.trim() === '1' ? [] : [family]
    }),
  )
  return off.flat()
}

/** Whether what the boot loads includes our file: by name, or by its directory's `*`. Null when nothing is to be kept. */
async function includedAtBoot({ spec: { persist }, host }: Forwarder, io: ReadIo): Promise<boolean | null> {
  if (persist === undefined) return null
  const { stdout } = await io.read(host.ssh, ['cat', '--', persist.includedBy], { allowFailure: true })
  const patterns = [...stdout.matchAll(/^\s*include\s+"([^"]+)"/gm)].map(([, pattern = '']) => pattern)
  return patterns.some(pattern => matches(pattern, persist.file))
}

async function directoryMissing({ spec: { persist }, host }: Forwarder, io: ReadIo): Promise<boolean> {
  if (persist === undefined) return false
  const directory = persist.file.slice(0, Math.max(1, persist.file.lastIndexOf('/')))
  return (await io.read(host.ssh, ['test', '-d', directory], { allowFailure: true })).exitCode !== 0
}

/** As nft's own include does: `*` and `?` do not pass a `/`. */
export function matches(pattern: string, path: string): boolean {
  const escaped = pattern.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`^${escaped.replaceAll('*', '[^/]*').replaceAll('?', '[^/]')}$`).test(path)
}
