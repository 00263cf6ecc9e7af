import { randomBytes } from 'node:crypto'
import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { administer, clusterName, clusterVersion, controlCluster } from '../database/configuration.ts'
import { elsewhere, type Stage } from '../demo/stage.ts'
import { execIn } from '../enter.ts'
import {
  diskFreed,
  diskFull,
  hostsAnswer,
  hostsSilent,
  linkDown,
  linkLosesPackets,
  linkRate,
  linkUp,
  linkWhole,
  mainLineDown,
  mainLineUp,
} from '../faults/faults.ts'
import { treeOf } from '../paths.ts'
import { run } from '../shell.ts'
import type { Lab } from '../types.ts'

/** What troubles know of the night: the process of the program that carries it out now, if one does. */
export type Night = { stage: Stage; programPid: () => number | undefined }
/** Goes wrong for so many seconds, and is well again when the promise resolves. Gives what there is to tell of it. */
type Trouble = (night: Night, seconds: number) => Promise<string | undefined>

/** Directories on disks of their own, which are small enough to be filled: host, path, MB. */
export const smallDisks = {
  'toulouse-database': { '/var/lib/postgresql': 400 },
  'toulouse-files': { '/srv': 60 },
}

const wholeMbps = 200
const slowMbps = 4
const lostPercent = 8

export const troubles = {
  'link-cut': during(
    ({ lab }) => linkDown(lab),
    ({ lab }) => linkUp(lab),
  ),
  'link-slow': during(
    ({ lab }) => linkRate(lab, slowMbps),
    ({ lab }) => linkRate(lab, wholeMbps),
  ),
  'link-lossy': during(
    ({ lab }) => linkLosesPackets(lab, lostPercent),
    ({ lab }) => linkWhole(lab),
  ),
  'fibre-cut': during(
    ({ lab }) => mainLineDown(lab),
    ({ lab }) => mainLineUp(lab),
  ),
  'source-silent': during(
    ({ lab }) => hostsSilent(lab, hostsAt(lab, 'montpellier')),
    ({ lab }) => hostsAnswer(lab, hostsAt(lab, 'montpellier')),
  ),
  'target-silent': during(
    ({ lab }) => hostsSilent(lab, hostsAt(lab, 'toulouse')),
    ({ lab }) => hostsAnswer(lab, hostsAt(lab, 'toulouse')),
  ),
  'source-database-killed': killedCluster('montpellier-database'),
  'target-database-killed': killedCluster('toulouse-database'),
  'target-database-disk-full': fullDisk('toulouse-database', '/var/lib/postgresql'),
  'target-files-disk-full': fullDisk('toulouse-files', '/srv'),
  'helper-killed': killHelper,
  'table-locked': lockTable,
  'file-rewritten': rewriteFile,
  'second-program': secondProgram,
} satisfies Record<string, Trouble>

export type TroubleName = keyof typeof troubles
export const troubleNames = Object.keys(troubles) as TroubleName[]

function during(begin: (stage: Stage) => Promise<unknown>, end: (stage: Stage) => Promise<unknown>): Trouble {
  return async ({ stage }, seconds) => {
    try {
      await begin(stage)
      await wait(seconds * 1000)
    } finally {
      await end(stage)
    }
    return undefined
  }
}

/** The offices of a site have nothing to say in a night. */
function hostsAt(lab: Lab, site: string): string[] {
  return Object.keys(lab.hosts).filter(name => name.startsWith(`${site}-`) && !name.endsWith('-office'))
}

function fullDisk(host: string, path: string): Trouble {
  return during(
    ({ lab }) => diskFull(lab, host, path),
    ({ lab }) => diskFreed(lab, host, path),
  )
}

/** Its first line is the number of the process, as the host counts. */
const pidFile = `/var/lib/postgresql/${clusterVersion}/${clusterName}/postmaster.pid`
const killPostmaster = 'kill -KILL "$(head -n 1 -- "$1")"'

/** Its postmaster is killed with -9, and its other processes end by themselves. Its administrators start it again, as after a power cut. */
function killedCluster(host: string): Trouble {
  return async ({ stage: { lab } }, seconds) => {
    const killed = await execIn(lab, host, ['sh', '-c', killPostmaster, 'sh', pidFile], {
      allowFailure: true,
    })
    await wait(seconds * 1000)
    if (killed.exitCode !== 0) return 'it did not run'
    // one that the night has stopped or started meanwhile is as it should be
    const started = await execIn(lab, host, controlCluster('start'), { allowFailure: true })
    return started.exitCode === 0 ? undefined : started.stderr.trim().split('\n').at(-1)
  }
}

/** One of the processes that the program started, mostly an ssh: the oldest is the connection that all others share. */
async function killHelper({ programPid }: Night): Promise<string | undefined> {
  const pid = programPid()
  if (pid === undefined) return 'no program ran'
  const { stdout } = await run(['pgrep', '-P', String(pid)], { allowFailure: true })
  const helpers = stdout.split('\n').filter(Boolean)
  const [first] = helpers
  if (first === undefined) return 'it had no helper'
  await run(['kill', '-KILL', first], { allowFailure: true })
  return undefined
}

/** As a report that somebody runs at the source. */
async function lockTable({ stage: { lab } }: Night, seconds: number): Promise<string | undefined> {
  const input = `BEGIN; LOCK TABLE lesson_documents IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(${seconds}); COMMIT;\n`
  const end = await execIn(lab, 'montpellier-database', administer('techcorp'), { input, allowFailure: true })
  return end.exitCode === 0 ? undefined : end.stderr.trim().split('\n').at(-1)
}

const everyMilliseconds = 200

/** A person saves the same file at the source again and again, until that is refused. */
async function rewriteFile({ stage: { lab } }: Night, seconds: number): Promise<string | undefined> {
  const host = 'montpellier-files'
  const file = '/srv/files/campaign-rewritten.bin'
  const content = join(treeOf(lab.name, host), 'tmp/campaign.bin')
  const endsAt = performance.now() + seconds * 1000
  while (performance.now() < endsAt) {
    writeFileSync(content, randomBytes(200_000))
    const saved = await execIn(lab, host, ['cp', '/tmp/campaign.bin', file], { allowFailure: true })
    if (saved.exitCode !== 0) return saved.stderr.trim().split('\n').at(-1)
    await wait(everyMilliseconds)
  }
  return undefined
}

let copies = 0
/** On a copy of the state directory, as of a machine that was restored from a backup. It must be refused, or be the only one. */
async function secondProgram({ stage }: Night): Promise<string | undefined> {
  const name = `state-copied-${++copies}`
  cpSync(stage.stateDirectory, join(stage.lab.directory, name), { recursive: true })
  const { exitCode } = await elsewhere(stage, name).run('resume', '--no-wait', '--json')
  return `exit code ${exitCode}`
}
