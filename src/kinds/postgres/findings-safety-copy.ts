import { Temporal } from 'temporal-polyfill'
import { block, isCopy, megabytes, type Rule } from './finding-rule.ts'
import { needed } from './safety-copy/room.ts'

/** What the safety copy of the plan needs at the host of the target's database. Nothing where the plan asks for none. */
export const safetyCopyRules: readonly Rule[] = [
  {
    name: 'safety-age',
    text: 'postgres.finding.safety-age',
    remedy: 'postgres.finding.safety-age.remedy',
    judge: ({ facts, hosts }) => (facts.safetyAge === '' ? block({ host: hosts.target }) : undefined),
  },
  {
    name: 'safety-recipient',
    text: 'postgres.finding.safety-recipient',
    remedy: 'postgres.finding.safety-recipient.remedy',
    judge: ({ facts, hosts }) =>
      facts.safetyAge !== '' && facts.safetyAccepts === false
        ? block({ host: hosts.target, version: facts.safetyAge ?? '' })
        : undefined,
  },
  {
    name: 'safety-dump',
    text: 'postgres.finding.safety-dump',
    remedy: 'postgres.finding.safety-dump.remedy',
    judge({ facts, hosts }) {
      const { safetyDump: dump, sourceVersionNumber: server } = facts
      if (dump === undefined || server === undefined) return undefined
      const isOlder = Number.parseInt(dump || '0', 10) < Math.floor(server / 10_000)
      return isOlder
        ? block({ host: hosts.target, dump: dump || '-', server: facts.sourceVersion ?? '' })
        : undefined
    },
  },
  {
    name: 'safety-room',
    text: 'postgres.finding.safety-room',
    remedy: 'postgres.finding.safety-room.remedy',
    judge({ spec, facts, hosts }) {
      const { safetyKeptFree, safetyWorkFree, sizeBytes } = facts
      if (spec.safetyCopy === undefined || sizeBytes === undefined) return undefined
      if (safetyKeptFree === undefined || safetyWorkFree === undefined) return undefined
      // Where the data directory is, the copy that is still to come takes its room first.
      const wanted = needed(spec.safetyCopy, sizeBytes, facts.safetyDevices, isCopy(facts) ? 0 : sizeBytes)
      const enough = safetyKeptFree >= wanted.kept && safetyWorkFree >= wanted.work
      return enough
        ? undefined
        : block({
            host: hosts.target,
            folder: spec.safetyCopy.folder,
            keptFreeMB: megabytes(safetyKeptFree),
            keptMB: megabytes(wanted.kept),
            workFreeMB: megabytes(safetyWorkFree),
            workMB: megabytes(wanted.work),
          })
    },
  },
  {
    name: 'safety-day',
    text: 'postgres.finding.safety-day',
    remedy: 'postgres.finding.safety-day.remedy',
    judge({ spec, plan }) {
      if (spec.safetyCopy === undefined) return undefined
      const night = Temporal.PlainDateTime.from(plan.window.start).toPlainDate()
      const { keepUntil: day } = spec.safetyCopy
      return Temporal.PlainDate.compare(day, night) > 0 ? undefined : block({ day, night: night.toString() })
    },
  },
]
