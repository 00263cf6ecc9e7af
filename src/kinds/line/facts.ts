import { z } from 'zod'
import type { ReadIo } from '../../model/io.ts'
import type { Plan } from '../../model/plan.ts'
import { kindOf } from '../kit/define-kind.ts'
import type { About } from '../kit/kind-parts.ts'
import { missingPrograms } from '../kit/programs.ts'
import { placeOf } from '../kit/vantage.ts'
import { links, qdiscs, wayOut } from './commands.ts'
import { type LineSpec, lineSpec } from './spec.ts'
import { backupAnswers, probeMainLine, type WanLine, wanLineOf } from './wan-line.ts'

const names = { unit: '', value: z.array(z.string()) }
const yesOrNo = { unit: '', value: z.boolean() }

/** Both lines as the gateways see them. Nothing but `missing` where a program is not installed. */
const facts = {
  missing: names,
  interfacesMissing: names,
  withoutCarrier: names,
  backupAddressThere: yesOrNo,
  mainAnswers: yesOrNo,
  backupAnswers: yesOrNo,
  /** The interface by which requests to the backup line's address are answered. Null when not known. */
  answersLeaveBy: { unit: '', value: z.string().nullable() },
  /** The older `ingress` queue is in the place where our filters hang. */
  ingressTaken: yesOrNo,
  backupDeclaredMbps: { unit: 'Mbit/s', value: z.number() },
  capMbps: { unit: 'Mbit/s', value: z.number() },
} as const

export type LineFacts = { [Name in keyof typeof facts]?: z.infer<(typeof facts)[Name]['value']> }
export type AboutLine = About<LineSpec, LineFacts>

/** Name, fields and facts of the kind, for its actions and for what puts it together. */
export const line = kindOf('line', lineSpec, facts)

type Link = { ifname: string; operstate?: string; addr_info?: { local?: string }[] }

/** What cannot be asked for want of a program is not asked. */
export async function audit(about: AboutLine, io: ReadIo): Promise<LineFacts> {
  const line = wanLineOf(about)
  const missing = await missingAt(line, io)
  return missing.length > 0 ? { missing } : { missing, ...(await measureLines(line, about.plan, io)) }
}

async function missingAt({ source, target }: WanLine, io: ReadIo): Promise<string[]> {
  const [atSource, atTarget] = await Promise.all([
    missingPrograms(io, source.ssh, ['fping']),
    missingPrograms(io, target.ssh, ['tc', 'iperf3']),
  ])
  return [
    ...atSource.map(program => `${source.ssh}: ${program}`),
    ...atTarget.map(program => `${target.ssh}: ${program}`),
  ]
}

async function measureLines(line: WanLine, plan: Plan, io: ReadIo): Promise<LineFacts> {
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
    mainAnswers: (await probeMainLine(line, io)).there,
    backupAnswers: await backupAnswers(line, io),
    answersLeaveBy: await answersLeaveBy(line, plan, io),
    ingressTaken: await ingressTaken(line, io),
    backupDeclaredMbps: spec.backup.declaredMbps,
    capMbps: spec.backup.capMbps,
  }
}

/** Operators drop packets with a source address that is not theirs: what was asked on the backup line must be answered on it. */
async function answersLeaveBy({ spec, target }: WanLine, plan: Plan, io: ReadIo): Promise<string | null> {
  const { address } = placeOf(spec.askedFrom, plan, io)
  if (address === undefined) return null
  const { stdout, exitCode } = await io.read(target.ssh, wayOut(spec.backup.address, address), {
    allowFailure: true,
  })
  if (exitCode !== 0) return null
  const [route] = JSON.parse(stdout) as { dev?: string }[]
  return route?.dev ?? null
}

async function ingressTaken({ spec, target }: WanLine, io: ReadIo): Promise<boolean> {
  const { stdout, exitCode } = await io.read(target.ssh, qdiscs(spec.backup.interface), {
    allowFailure: true,
  })
  return exitCode === 0 && (JSON.parse(stdout) as { kind: string }[]).some(({ kind }) => kind === 'ingress')
}
