import { Failure } from '../../model/failure.ts'
import type { ChangeIo, ReadIo } from '../../model/io.ts'
import { script } from '../kit/script.ts'
import { until } from '../kit/until.ts'
import { requireSender } from './guard.ts'
import {
  kernelWriters,
  type MountTables,
  type Place,
  parseMountTables,
  placesOf,
  type Writer,
} from './mounts.ts'
import { type TreePair, workFile } from './tree-pair.ts'

const fence = script(import.meta.dirname, 'scripts/fence.sh')
const mountTables = script(import.meta.dirname, 'scripts/mount-tables.sh')
const openBelow = script(import.meta.dirname, 'scripts/open-below.sh')

type Verb = 'put' | 'state' | 'lift' | 'through'

const fenceArgv = (trees: TreePair, verb: Verb, ...program: string[]): string[] =>
  fence.argv(verb, trees.source.path, workFile(trees, 'fence'), ...program)

/** Runs a program that may write to the source's tree although it is fenced: what comes back in a rollback does. */
export const throughFence = (trees: TreePair, argv: readonly string[]): string[] =>
  fenceArgv(trees, 'through', ...argv)

/** `gone`: the host has restarted since, or somebody has unmounted it. `none`: this run has made none. */
export type FenceState = 'put' | 'gone' | 'none'

export async function fenceState(io: ReadIo, trees: TreePair): Promise<FenceState> {
  const { stdout } = await io.read(trees.source.ssh, fenceArgv(trees, 'state'))
  return stdout.trim() as FenceState
}

/** How long one attempt gives people to stop what they see named. */
const patienceSeconds = 90

/**
 * Nobody writes to the source's tree from now on. Who had something open in it before writes on, for a mount takes nothing away from
 * anybody: such processes are waited for, and never killed. Throws Failure with their names when they stay.
 */
async function raiseFence(io: ChangeIo, trees: TreePair): Promise<void> {
  await io.change(trees.source.ssh, fenceArgv(trees, 'put'))
  await until(
    io,
    async () => {
      const waiting = await writersLeft(io, trees)
      if (waiting.length === 0) return { done: true }
      io.report({ note: { key: 'files.fence.waiting', values: { processes: named(waiting) } } })
      return { waiting }
    },
    {
      seconds: patienceSeconds,
      firstPauseSeconds: 0.5,
      longestPauseSeconds: 3,
      otherwise: waiting => held(trees, waiting),
    },
  )
}

/**
 * Puts the fence, or puts it back where a restart of the host took it away. `mountPoint`: where the tree's disk was mounted when it was
 * audited. An empty directory in the place of a disk that is not mounted would be fenced as well, and then pass for the tree.
 */
export async function putFence(
  io: ChangeIo,
  trees: TreePair,
  mountPoint: string | null | undefined,
): Promise<void> {
  if ((await fenceState(io, trees)) !== 'put') await requireSender(io, trees.source, mountPoint)
  await raiseFence(io, trees)
}

/**
 * Puts back a fence that is gone; without one it does nothing. Gives back the mount point to look for from here on: the fence is a
 * mount of its own, which cannot be there without the disk.
 */
export async function keepFence(
  io: ChangeIo,
  trees: TreePair,
  mountPoint: string | null | undefined,
): Promise<string | null | undefined> {
  const state = await fenceState(io, trees)
  if (state === 'none') return mountPoint
  if (state === 'gone') await putFence(io, trees, mountPoint)
  return undefined
}

/** The tree is as it was before the fence. Without one it does nothing. */
export async function liftFence(io: ChangeIo, trees: TreePair): Promise<void> {
  await io.change(trees.source.ssh, fenceArgv(trees, 'lift'))
}

/** Who can still write to a tree that is fenced. */
export async function writersLeft(io: ReadIo, trees: TreePair): Promise<Writer[]> {
  const tables = await mountTablesOf(io, trees)
  const places = placesOf(tables)
  const paths = [...new Set([tables.tree, ...places.map(({ path }) => path)])]
  const { stdout } = await io.read(trees.source.ssh, openBelow.argv(trees.source.path, ...paths))
  const open = places.filter(({ isWritable }) => isWritable).map(writerAt)
  const found = [...parseWriters(stdout), ...open, ...kernelWriters(tables)]
  return found.filter(({ pid }, at) => pid === 0 || found.findIndex(one => one.pid === pid) === at)
}

/** A mount that stays writable is named even when nobody is seen to use it. */
export const writerAt = ({ pid, program, path }: Place): Writer => ({
  pid,
  program: pid === 0 ? 'mount' : program,
  path,
})

export async function mountTablesOf(io: ReadIo, trees: TreePair): Promise<MountTables> {
  return parseMountTables((await io.read(trees.source.ssh, mountTables.argv(trees.source.path))).stdout)
}

/** What `open-below.sh` prints. */
export function parseWriters(output: string): Writer[] {
  return output.split('\n').flatMap(line => {
    const [pid, program, path] = line.split('\t')
    return pid && program !== undefined && path !== undefined ? [{ pid: Number(pid), program, path }] : []
  })
}

const mostNamed = 10
/** `1234 smbd (/srv/files/a)`, the first few. */
export function named(writers: readonly Writer[]): string {
  const names = writers
    .slice(0, mostNamed)
    .map(({ pid, program, path }) => `${pid === 0 ? '' : `${pid} `}${program} (${path})`)
  return [...names, ...(writers.length > mostNamed ? ['…'] : [])].join(', ')
}

function held({ source }: TreePair, writers: readonly Writer[]): Failure {
  const values = { host: source.ssh, path: source.path, processes: named(writers) }
  const pids = [...new Set(writers.map(({ pid }) => pid))].filter(pid => pid !== 0).slice(0, mostNamed)
  if (pids.length === 0)
    return new Failure(
      { key: 'files.fence.open', values },
      { remedy: { key: 'files.fence.open.remedy', values } },
    )
  return new Failure(
    { key: 'files.fence.held', values },
    { remedy: { key: 'files.fence.held.remedy', values: { ...values, pids: pids.join(' ') } } },
  )
}
