import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { Failure } from '../src/model/failure.ts'
import type { ProcessIdentity } from './hosts/processes.ts'
import type { LabPart, LabSize } from './types.ts'

const root = '/var/lib/bascule-lab'
const claims = join(root, '.claims')
const places = 20

export const directoryOf = (name: string) => join(root, name)

/** What is written down before the first thing is made, so that `lab down` knows after any crash. */
export type LabState = {
  name: string
  index: number
  parts: LabPart[]
  size: LabSize
  linkMbps: number
  initialTtlSeconds: number
  raisedBy: ProcessIdentity
  /** The lab goes with it; omitted: it stays until somebody takes it down. */
  owner?: ProcessIdentity
  /** True once everything that was asked for is there. */
  ready: boolean
}

/**
 * Takes a free index for the lab. A claim is a symbolic link to the lab's name: it comes into being at once and
 * whole, or not at all, so that two labs never take the same index and no crash leaves a nameless claim.
 */
export function claimIndex(name: string): number {
  if (!/^[a-z0-9][a-z0-9-]{0,19}$/.test(name)) throw new Failure({ key: 'lab.bad-name', values: { name } })
  if (claimedIndex(name) !== undefined || existsSync(directoryOf(name))) {
    throw new Failure(
      { key: 'lab.already-up', values: { name } },
      { remedy: { key: 'lab.already-up.remedy', values: { name } } },
    )
  }
  for (let index = 0; index < places; index++) if (claim(index, name)) return index
  const names = labNames().join(', ')
  throw new Failure(
    { key: 'lab.no-index', values: { places, names } },
    { remedy: { key: 'lab.no-index.remedy' } },
  )
}

function claim(index: number, name: string): boolean {
  for (;;) {
    mkdirSync(claims, { recursive: true, mode: 0o700 })
    try {
      symlinkSync(name, join(claims, String(index)))
      return true
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code
      if (code === 'EEXIST') return false
      // Another lab's `down` may have removed the empty directory in between.
      if (code !== 'ENOENT') throw error
    }
  }
}

/** The index held by a lab, also when a crash left nothing else of it. */
export function claimedIndex(name: string): number | undefined {
  return claimList().find(claim => claim.name === name)?.index
}
export const labNames = (): string[] => claimList().map(claim => claim.name)

function claimList(): { index: number; name: string }[] {
  if (!existsSync(claims)) return []
  return readdirSync(claims).flatMap(file => {
    try {
      return [{ index: Number(file), name: readlinkSync(join(claims, file)) }]
    } catch {
      return [] // released meanwhile
    }
  })
}

/** The last act of `down`: the lab's directory is already gone. */
export function releaseIndex(index: number): void {
  rmSync(join(claims, String(index)), { force: true })
  for (const directory of [claims, root]) removeIfEmpty(directory)
}

function removeIfEmpty(directory: string): void {
  try {
    rmdirSync(directory)
  } catch (error) {
    if (!['ENOTEMPTY', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  }
}

export function writeState(state: LabState): void {
  const file = join(directoryOf(state.name), 'state.json')
  writeFileSync(`${file}.new`, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600, flush: true })
  renameSync(`${file}.new`, file)
}

export function readState(name: string): LabState | undefined {
  const file = join(directoryOf(name), 'state.json')
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as LabState) : undefined
}
