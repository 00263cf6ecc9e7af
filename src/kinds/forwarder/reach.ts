import type { ReadIo } from '../../model/io.ts'
import type { Plan } from '../../model/plan.ts'
import { connects } from '../kit/connect.ts'
import { placeOf } from '../kit/vantage.ts'
import { countsIn } from './clients.ts'
import { routeTo } from './commands.ts'
import type { Forwarder } from './gateway.ts'
import { kernelOf } from './kernel.ts'
import type { Rule } from './spec.ts'

const named = ({ service, to, port, toPort }: Rule): string => `${service} (${to}:${toPort ?? port})`

/** TCP services whose new address the old gateway cannot connect to. */
export async function unreachable({ spec, host }: Forwarder, io: ReadIo): Promise<string[]> {
  const tried = await Promise.all(
    tcp(spec.forward).map(async rule => {
      const argv = connects(rule.to, rule.toPort ?? rule.port)
      const { exitCode } = await io.read(host.ssh, argv, { allowFailure: true })
      return exitCode === 0 ? [] : [named(rule)]
    }),
  )
  return tried.flat()
}

const tcp = (rules: Rule[]): Rule[] => rules.filter(({ protocol }) => protocol === 'tcp')

/**
 * TCP services that do not answer at their old address, asked from where the plan says. That something answers is not
 * enough: it must have been passed on, and so been counted. Undefined when the plan names no place to ask from.
 */
export async function deadAddresses(at: Forwarder, plan: Plan, io: ReadIo): Promise<string[] | undefined> {
  const { spec, host, component } = at
  if (spec.askedFrom === undefined) return undefined
  const place = placeOf(spec.askedFrom, plan, io)
  const connections = async (service: string): Promise<number> =>
    countsIn(await kernelOf(host, io), component, spec)?.services[service]?.connections ?? 0
  const dead: string[] = []
  for (const rule of tcp(spec.forward)) {
    const before = await connections(rule.service)
    const { exitCode } = await place.read(connects(rule.from, rule.port), { allowFailure: true })
    if (exitCode !== 0 || (await connections(rule.service)) <= before)
      dead.push(`${rule.service} (${rule.from}:${rule.port})`)
  }
  return dead
}

/**
 * Addresses that our own asking comes from: no client. That is this machine, and every host of the plan: what is open is tried
 * from there too.
 */
export async function askingAddresses({ spec }: Forwarder, plan: Plan, io: ReadIo): Promise<string[]> {
  const groups = [plan.sites.source.hosts, plan.sites.target.hosts, plan.outside]
  const known = groups.flatMap(hosts => Object.values(hosts).map(({ address }) => address))
  const own = await Promise.all(
    [...new Set(spec.forward.map(({ from }) => from))].map(async from => {
      const { stdout, exitCode } = await io.local(routeTo(from), { allowFailure: true })
      if (exitCode !== 0) return []
      const [route] = JSON.parse(stdout) as { prefsrc?: string }[]
      return route?.prefsrc === undefined ? [] : [route.prefsrc]
    }),
  )
  return [...known, ...own.flat()]
}
