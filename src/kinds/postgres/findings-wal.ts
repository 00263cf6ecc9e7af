import { block, gibibyte, isCopy, type Known, listed, megabytes, type Rule, warn } from './finding-rule.ts'
import type { StreamingSpec } from './spec.ts'

/** Room for the copy itself, and for the log that comes in while it is made. */
const diskFactor = 1.1

const isOurs = ({ replication: { slot } }: StreamingSpec, name: string): boolean =>
  [slot, `${slot}_proof`, `${slot}_reverse`].includes(name)
const foreignSlots = ({ spec, facts }: Known) =>
  (facts.slots ?? []).filter(({ slot_name }) => !isOurs(spec, slot_name))

/** The log: who holds it back, how much of it, and where it lies. */
export const walRules: readonly Rule[] = [
  {
    name: 'wal-level',
    text: 'postgres.finding.wal-level',
    remedy: 'postgres.finding.wal-level.remedy',
    judge: ({ facts }) => (facts.walLevel === 'minimal' ? block({ level: 'minimal' }) : undefined),
  },
  {
    name: 'slots',
    text: 'postgres.finding.slots',
    remedy: 'postgres.finding.slots.remedy',
    judge({ spec, facts }) {
      const total = facts.replicationSlots
      const slots = facts.slots
      if (total === undefined || slots === undefined) return undefined
      const own = [spec.replication.slot, `${spec.replication.slot}_proof`]
      const needed = own.filter(name => !slots.some(slot => slot.slot_name === name)).length
      const free = total - slots.length
      return free < needed ? block({ free, needed }) : undefined
    },
  },
  {
    name: 'idle-slots',
    text: 'postgres.finding.idle-slots',
    remedy: 'postgres.finding.idle-slots.remedy',
    judge: known =>
      listed(
        foreignSlots(known).flatMap(({ active, slot_name }) => (active ? [] : [slot_name])),
        slots => warn({ slots, limitGB: known.spec.replication.maxSlotWalKeepGB }),
      ),
  },
  {
    name: 'slot-limit',
    text: 'postgres.finding.slot-limit',
    remedy: 'postgres.finding.slot-limit.remedy',
    judge(known) {
      const limitGB = known.spec.replication.maxSlotWalKeepGB
      const beyond = foreignSlots(known).filter(
        ({ wal_status, retainedBytes = 0 }) => wal_status !== 'lost' && retainedBytes > limitGB * gibibyte,
      )
      const most = Math.max(...beyond.map(({ retainedBytes = 0 }) => retainedBytes))
      return listed(
        beyond.map(({ slot_name, retainedBytes = 0 }) => `${slot_name} (${gigabytes(retainedBytes)} GB)`),
        slots => block({ slots, limitGB, neededGB: Math.ceil((most * 1.5) / gibibyte) }),
      )
    },
  },
  {
    name: 'logical-slots',
    text: 'postgres.finding.logical-slots',
    remedy: 'postgres.finding.logical-slots.remedy',
    judge: ({ facts, hosts }) =>
      listed(
        facts.slots?.flatMap(({ slot_name, slot_type }) => (slot_type === 'logical' ? [slot_name] : [])),
        slots => warn({ slots, host: hosts.target }),
      ),
  },
  {
    name: 'lost-slot',
    text: 'postgres.finding.lost-slot',
    remedy: 'postgres.finding.lost-slot.remedy',
    judge({ spec, facts }) {
      const slots = facts.slots
      const own = slots?.filter(
        slot => slot.wal_status === 'lost' && slot.slot_name.startsWith(spec.replication.slot),
      )
      return listed(
        own?.map(slot => slot.slot_name),
        slots => block({ slots }),
      )
    },
  },
  {
    name: 'senders',
    text: 'postgres.finding.senders',
    remedy: 'postgres.finding.senders.remedy',
    judge({ facts }) {
      const free = facts.walSendersFree
      // pg_basebackup takes two: the files, and the log beside them.
      return free !== undefined && free < 2 && facts.targetCopy === ''
        ? block({ free, needed: 2 })
        : undefined
    },
  },
  {
    name: 'disk',
    text: 'postgres.finding.disk',
    remedy: 'postgres.finding.disk.remedy',
    judge({ facts }) {
      const [size, free] = [facts.sizeBytes, facts.targetDiskFree]
      if (size === undefined || free === undefined || isCopy(facts)) return undefined
      const needed = size * diskFactor
      return free < needed ? block({ freeMB: megabytes(free), neededMB: megabytes(needed) }) : undefined
    },
  },
  {
    name: 'source-disk',
    text: 'postgres.finding.source-disk',
    remedy: 'postgres.finding.source-disk.remedy',
    judge({ spec, facts, hosts }) {
      const { sourceWalDirectory: directory, sourceWalFree: free = 0 } = facts
      if (!directory) return undefined
      const retained = Math.max(0, ...(facts.slots ?? []).map(({ retainedBytes = 0 }) => retainedBytes))
      return tooLittle(free, spec.replication.maxSlotWalKeepGB * gibibyte - retained, directory, hosts.source)
    },
  },
  {
    name: 'target-wal-disk',
    text: 'postgres.finding.target-wal-disk',
    remedy: 'postgres.finding.target-wal-disk.remedy',
    judge({ spec, facts, hosts }) {
      const { targetWalDirectory, targetWalFree, targetDataDirectory = '', targetDiskFree } = facts
      const needed = spec.replication.maxSlotWalKeepGB * gibibyte
      if (isCopy(facts))
        return targetWalDirectory
          ? tooLittle(targetWalFree ?? 0, needed, targetWalDirectory, hosts.target)
          : undefined
      if (targetDiskFree === undefined || facts.sizeBytes === undefined) return undefined
      const left = targetDiskFree - facts.sizeBytes * diskFactor
      // The rule `disk` says it where not even the copy has room.
      return left < 0 ? undefined : tooLittle(left, needed, targetDataDirectory, hosts.target)
    },
  },
  {
    name: 'target-wal-link',
    text: 'postgres.finding.target-wal-link',
    remedy: 'postgres.finding.target-wal-link.remedy',
    judge({ facts, hosts }) {
      const { targetWalDirectory: directory, targetDataDirectory } = facts
      if (isCopy(facts) || !directory || targetDataDirectory === undefined) return undefined
      if (directory.startsWith(`${targetDataDirectory}/`)) return undefined
      return warn({ host: hosts.target, directory, dataDirectory: targetDataDirectory })
    },
  },
]

const gigabytes = (bytes: number): string => (bytes / gibibyte).toFixed(1)

const tooLittle = (free: number, needed: number, directory: string, host: string) =>
  free < needed ? block({ freeMB: megabytes(free), neededMB: megabytes(needed), directory, host }) : undefined
