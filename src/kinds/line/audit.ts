import type { Facts } from '../../model/fact.ts'
import type { ReadIo } from '../../model/io.ts'
import type { Json } from '../../model/json.ts'
import type { PlanContext } from '../../model/kind.ts'
import type { Component, Host, Plan } from '../../model/plan.ts'
import { placeOf } from '../kit/vantage.ts'
import { type Line, lineOf } from './at.ts'
import { installed, links, qdiscs, wayOut } from './commands.ts'
import { backupAnswers, lookAtMain } from './main-line.ts'

type Link = { ifname: string; operstate?: string; addr_info?: { local?: string }[] }

/** Both lines as the gateways see them. What cannot be asked for want of a program is not asked. */
export async function audit(component: Component, { plan }: PlanContext, io: ReadIo): Promise<Facts> {
  const line = lineOf(component, plan)
  const missing = await missingPrograms(line, io)
  const values: Record<string, Json> =
    missing.length > 0 ? { missing } : { missing, ...(await lookAtLines(line, plan, io)) }
  const at = io.now()
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value, unit: '', at }]))
}

async function missingPrograms({ source, target }: Line, io: ReadIo): Promise<string[]> {
  const wanted: [Host, string][] = [
    [source, 'fping'],
    [target, 'tc'],
    [target, 'iperf3'],
  ]
  const looked = await Promise.all(
    wanted.map(async ([host, program]) => {
      const { exitCode } = await io.read(host.ssh, installed(program), { allowFailure: true })
      return exitCode === 0 ? [] : [`${host.ssh}: ${program}`]
    }),
  )
  return looked.flat()
}

async function lookAtLines(line: Line, plan: Plan, io: ReadIo): Promise<Record<string, Json>> {
  const { spec, target } = line
  const found = JSON.parse((await io.read(target.ssh, links())).stdout) as Link[]
  const named = (name: string) => found.find(({ ifname }) => ifname === name)
  const without = (wrong: (link: Link | undefined) => boolean) =>
    [...spec.main.interfaces, spec.backup.interface].filter(name => wrong(named(name)))
  const backup = named(spec.backup.interface)
  return {
    interfacesMissing: without(link => link === undefined),
    // a device that says nothing of its carrier is not held against it
    withoutCarrier: without(link => /^(DOWN|LOWERLAYERDOWN)$/.test(link?.operstate ?? '')),
    backupAddressThere: backup?.addr_info?.some(({ local }) => local === spec.backup.address) ?? false,
    mainAnswers: (await lookAtMain(line, io)).there,
    backupAnswers: await backupAnswers(line, io),
    answersLeaveBy: await answersLeaveBy(line, plan, io),
    ingressTaken: await ingressTaken(line, io),
    backupDeclaredMbps: spec.backup.declaredMbps,
    capMbps: spec.backup.capMbps,
  }
}

/** Operators drop senders of others: what was asked on the backup line must be answered on it. Null when not known. */
async function answersLeaveBy({ spec, target }: Line, plan: Plan, io: ReadIo): Promise<string | null> {
  const { address } = placeOf(spec.askedFrom, plan, io)
  if (address === undefined) return null
  const { stdout, exitCode } = await io.read(target.ssh, wayOut(spec.backup.address, address), {
    allowFailure: true,
  })
  if (exitCode !== 0) return null
  const [route] = JSON.parse(stdout) as { dev?: string }[]
  return route?.dev ?? null
}

/** The older `ingress` queue is in the place where our filters hang. */
async function ingressTaken({ spec, target }: Line, io: ReadIo): Promise<boolean> {
  const { stdout, exitCode } = await io.read(target.ssh, qdiscs(spec.backup.interface), {
    allowFailure: true,
  })
  return exitCode === 0 && (JSON.parse(stdout) as { kind: string }[]).some(({ kind }) => kind === 'ingress')
}
