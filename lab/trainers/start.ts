import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { virtualHosts, zone } from '../edge/gateway.ts'
import { enterArgv, execIn, hostOf } from '../enter.ts'
import { internalPort } from '../names/zones.ts'
import { node, repository, treeOf } from '../paths.ts'
import { addressOf, publicAddress, siteNames, vpnAddress } from '../topology.ts'
import type { Lab } from '../types.ts'
import { readLedger } from '../users/ledger.ts'
import { type Trainer, trainers } from '../vpn/map.ts'
import type { Door, TrainerEntry } from './ledger.ts'
import { pastTheTunnel } from './past-the-tunnel.ts'
import { summarize, type TrainerSummary, type Window } from './summary.ts'

export type StartTrainers = {
  /** Where the dashboard is, for a lab without names; else the internal view says. */
  dashboardAddress?: string
  /** Without a path; a new one for each run. */
  ledgerName?: string
}
/** By trainer's name: `trainer-name`, `trainer-address`, `trainer-restarter`. */
export type TrainersSummary = Record<string, TrainerSummary>
export type RunningTrainers = {
  /** Their places on this machine; lowering the lab removes them. */
  ledgers: Record<string, string>
  /** So far, while they go on. */
  summary(windows?: Record<string, Window>): Promise<TrainersSummary>
  /** Lets what is under way finish. Throws when a trainer has ended by himself with an error. */
  stop(windows?: Record<string, Window>): Promise<TrainersSummary>
}

const dashboard = `dashboard.${zone}`

/** Lets the trainers look at the dashboard, each on his own machine. They leave when this program ends, however it ends. */
export async function startTrainers(lab: Lab, options: StartTrainers = {}): Promise<RunningTrainers> {
  const { ledgerName = 'trainer.jsonl' } = options
  const inside = join('/var/log', ledgerName)
  const started = await Promise.all(
    trainers.map(async trainer => {
      const host = `internet-${trainer.role}`
      // What is to be deleted is not there the first time.
      for (const argv of pastTheTunnel(lab.index, hostOf(lab, host).address))
        await execIn(lab, host, argv, { allowFailure: argv.includes('delete') })
      const ledger = join(treeOf(lab.name, host), inside)
      return { name: trainer.role, ledger, ...start(lab, host, trainerArgv(lab, trainer, inside, options)) }
    }),
  )
  const summary: RunningTrainers['summary'] = async windows =>
    Object.fromEntries(
      await Promise.all(
        started.map(async ({ name, ledger }) => {
          const entries = existsSync(ledger) ? readLedger<TrainerEntry>(ledger) : []
          return [name, await summarize(entries, windows)] as const
        }),
      ),
    )
  return {
    ledgers: Object.fromEntries(started.map(({ name, ledger }) => [name, ledger])),
    summary,
    stop: async windows => {
      for (const { child } of started) child.stdin?.end()
      await Promise.all(started.map(({ ended }) => ended))
      return summary(windows)
    },
  }
}

function trainerArgv(lab: Lab, { role, lastByte }: Trainer, ledger: string, options: StartTrainers) {
  const { index, hosts } = lab
  const view = `${hosts['internet-dns']?.address}:${internalPort}`
  const { dashboardAddress } = options
  return [
    ...[node, join(repository, 'lab/trainers/main.ts'), '--trainer', role, '--ledger', ledger],
    ...['--url', `http://${dashboard}/summary`, '--inside', vpnAddress(index, lastByte)],
    ...['--outside', hostOf(lab, `internet-${role}`).address],
    ...(dashboardAddress === undefined ? ['--view', view] : ['--address', dashboardAddress]),
    ...doorsOf(index).flatMap(({ door, site, address, port }) => [
      '--door',
      [door, site, address, port].join(','),
    ]),
  ]
}

function doorsOf(index: number): Door[] {
  const port = virtualHosts.find(({ name }) => name === 'dashboard')?.port ?? 0
  return siteNames.flatMap(site => [
    { door: 'public', site, address: publicAddress(index, site), port: 80 },
    { door: 'gateway', site, address: addressOf(index, site, 'gateway'), port: 80 },
    { door: 'dashboard', site, address: addressOf(index, site, 'dashboard'), port },
  ])
}

function start(lab: Lab, host: string, argv: string[]): { child: ChildProcess; ended: Promise<void> } {
  const [file = '', ...rest] = enterArgv(lab, host, argv)
  const child = spawn(file, rest, { stdio: ['pipe', 'ignore', 'pipe'] })
  child.stdin.on('error', () => undefined)
  const complaint = text(child.stderr)
  const ended = once(child, 'close').then(async ([exitCode]) => {
    if (exitCode !== 0) throw new Error(`${host} ended with ${exitCode}: ${(await complaint).slice(-600)}`)
  })
  // Reported by stop(): a caller that never stops them is not interrupted by their end.
  ended.catch(() => undefined)
  return { child, ended }
}
