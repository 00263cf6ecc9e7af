import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { ClientConfig } from 'pg'
import { enterArgv, hostOf } from '../enter.ts'
import { formatSize, type Size } from '../estate/seed/sizes.ts'
import { node, repository, treeOf } from '../paths.ts'
import { secret } from '../secrets.ts'
import { publicAddress, siteNames } from '../topology.ts'
import type { Lab } from '../types.ts'
import type { Service, Summary } from './ledger.ts'

export type StartUsers = {
  /** As the lab was raised. */
  size: Size
  rate?: number
  services?: readonly Service[]
  /** The host they ask for addresses. Default `internet-resolver`; `internet-stubborn` keeps what it knew too long. */
  resolver?: string
  /** How many, and the number of the first: another crowd must be other people. */
  people?: number
  firstPerson?: number
  /** Without a path; a new one for each run. */
  ledgerName?: string
}
export type RunningUsers = {
  /** The ledger's place on this machine; lowering the lab removes it. */
  ledger: string
  /** Lets what is under way finish. Throws when the users have ended by themselves with an error. */
  stop(): Promise<Summary>
}

/** Lets users come to a lab, on its host `internet-users`. They leave when this program ends, however it ends. */
export function startUsers(lab: Lab, options: StartUsers): RunningUsers {
  const { size, rate = 20, services = ['auth', 'courses', 'files'], ledgerName = 'users.jsonl' } = options
  const { resolver = 'internet-resolver', people, firstPerson = 1 } = options
  const users = 'internet-users'
  const inside = join('/var/log', ledgerName)
  const argv = [
    node,
    join(repository, 'lab/users/main.ts'),
    ...['--resolver', hostOf(lab, resolver).address, '--ledger', inside],
    ...['--size', formatSize(size), '--rate', String(rate), '--services', services.join(',')],
    ...['--first-person', String(firstPerson), ...(people === undefined ? [] : ['--people', String(people)])],
    ...siteNames.flatMap(site => ['--site', `${site}=${publicAddress(lab.index, site)}`]),
    '--stop-on-end-of-input',
  ]
  const [file = '', ...rest] = enterArgv(lab, users, argv)
  const child = spawn(file, rest, { stdio: ['pipe', 'pipe', 'pipe'] })
  const ended = once(child, 'close')
  // Reported by stop(): a caller that never stops them is not interrupted by their end.
  ended.catch(() => undefined)
  child.stdin.on('error', () => undefined)
  const said = Promise.all([text(child.stdout), text(child.stderr)])
  return {
    ledger: join(treeOf(lab.name, users), inside),
    stop: async () => {
      child.stdin.end()
      const [exitCode] = await ended
      const [summary, complaint] = await said
      if (exitCode !== 0) throw new Error(`the users ended with ${exitCode}: ${complaint.slice(-600)}`)
      return JSON.parse(summary)
    },
  }
}

/** How the judge reaches the database of the site in authority. */
export function authorityDatabase(lab: Lab, site: (typeof siteNames)[number]): ClientConfig {
  return {
    host: hostOf(lab, `${site}-database`).address,
    port: 5432,
    database: 'techcorp',
    user: 'estate',
    password: secret(lab.name, 'database-estate'),
    ssl: { rejectUnauthorized: false },
    connectionTimeoutMillis: 10_000,
  }
}
