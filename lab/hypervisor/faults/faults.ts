import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { removeLock, writeLock } from './stale-lock.ts'

/** What can be made to go wrong on a hypervisor. `times` ends a fault after it has struck that often. */
export type Fault =
  | { name: 'agent-silent'; vmid?: number }
  | { name: 'shutdown-hangs'; vmid?: number; times?: number }
  /** A lock that nobody holds any more, written into the machine's configuration: `qm unlock` removes it. */
  | { name: 'stale-lock'; vmid: number; lock: string }
  | { name: 'storage-full'; storage: string }
  | { name: 'format-refused'; storage: string; format: string }
  /** The task does its work, and warns. `type` as in its UPID, e.g. `qmstart`. */
  | { name: 'task-warnings'; type?: string; vmid?: number; text?: string; times?: number }
  /** The task fails before its work, or after all of it. */
  | { name: 'task-error'; type?: string; vmid?: number; text?: string; afterwards?: true; times?: number }
  | { name: 'token-without-rights' }
  | { name: 'node-unreachable' }

export type FaultName = Fault['name']
type Named<Name extends FaultName> = Extract<Fault, { name: Name }>

/** The faults of the host whose tree (or root) this is, as they are at this moment. */
export type Faults = {
  find<Name extends FaultName>(name: Name, matches?: (fault: Named<Name>) => boolean): Named<Name> | undefined
  /** As find, and counts as one time. */
  strike<Name extends FaultName>(
    name: Name,
    matches?: (fault: Named<Name>) => boolean,
  ): Named<Name> | undefined
}

const fileOf = (tree: string) => join(tree, 'etc/pve/faults.json')

export function openFaults(tree: string): Faults {
  const find: Faults['find'] = (name, matches = () => true) =>
    readFaults(tree).find(
      (fault): fault is Named<typeof name> => fault.name === name && matches(fault as never),
    )
  return {
    find,
    strike: (name, matches) => {
      const fault = find(name, matches)
      if (fault) countOne(tree, fault)
      return fault
    },
  }
}

/** Lets something go wrong from the next request on. */
export function setFault(tree: string, fault: Fault): void {
  if (fault.name === 'stale-lock') writeLock(tree, fault.vmid, fault.lock)
  writeFaults(tree, [...readFaults(tree), fault])
}

/** Takes away the faults of a name, or all of them. */
export function clearFault(tree: string, name?: FaultName): void {
  const [cleared, left] = [readFaults(tree), [] as Fault[]]
  for (const fault of cleared) {
    if (name !== undefined && fault.name !== name) left.push(fault)
    else if (fault.name === 'stale-lock') removeLock(tree, fault.vmid, fault.lock)
  }
  writeFaults(tree, left)
}

function countOne(tree: string, struck: Fault): void {
  if (!('times' in struck)) return
  const same = JSON.stringify(struck)
  writeFaults(
    tree,
    readFaults(tree).flatMap(fault => {
      if (!('times' in fault) || JSON.stringify(fault) !== same) return [fault]
      const times = (fault.times ?? 1) - 1
      return times > 0 ? [{ ...fault, times }] : []
    }),
  )
}

function readFaults(tree: string): Fault[] {
  const file = fileOf(tree)
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Fault[]) : []
}

function writeFaults(tree: string, faults: Fault[]): void {
  const file = fileOf(tree)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(`${file}.new`, `${JSON.stringify(faults, null, 2)}\n`)
  renameSync(`${file}.new`, file)
}
