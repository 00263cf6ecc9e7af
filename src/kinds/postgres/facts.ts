import { z } from 'zod'
import type { FactsOf } from '../kit/kind-parts.ts'

const text = { unit: '', value: z.string() }
const texts = { unit: '', value: z.array(z.string()) }
const yes = { unit: '', value: z.boolean() }
const count = { unit: '', value: z.number() }
const bytes = { unit: 'B', value: z.number() }
const bytesByName = { unit: 'B', value: z.record(z.string(), z.number()) }
const state = { unit: '', value: z.enum(['stopped', 'starting', 'standby', 'primary']) }
const fileSettings = {
  unit: '',
  value: z.array(z.object({ name: z.string(), value: z.string(), file: z.string(), line: z.number() })),
}
const certificate = {
  unit: '',
  value: z.object({ fingerprint: z.string(), isSelfSigned: z.boolean(), file: z.string() }),
}
const devices = { unit: '', value: z.object({ kept: z.string(), work: z.string(), data: z.string() }) }
const limits = { unit: '', value: z.record(z.string(), z.number()) }

/** What the audit finds. What is only asked of a running server is missing for a target that is stopped. */
export const facts = {
  sourceState: state,
  sourceVersion: text,
  sourceVersionNumber: count,
  sourceTls: yes,
  sourceCertificate: certificate,
  sourceChecksums: yes,
  sourceSystemIdentifier: text,
  sourceIcu: text,
  sourceAdminIsSuperuser: yes,
  sourceLimits: limits,
  sourceGlibc: text,
  sourceDataDirectory: text,
  sourceDiskFree: bytes,
  sourceWalDirectory: text,
  sourceWalFree: bytes,
  sourceFileSettings: fileSettings,
  sourceIncludeLine: count,
  targetState: state,
  targetVersion: text,
  targetVersionNumber: count,
  targetTls: yes,
  targetCertificate: certificate,
  targetChecksums: yes,
  targetSystemIdentifier: text,
  targetIcu: text,
  targetAdminIsSuperuser: yes,
  targetLimits: limits,
  targetGlibc: text,
  targetDataDirectory: text,
  targetDiskFree: bytes,
  targetWalDirectory: text,
  targetWalFree: bytes,
  targetFileSettings: fileSettings,
  targetIncludeLine: count,
  targetLocales: texts,
  targetUserDatabases: texts,
  targetCopy: text,
  targetAddress: text,
  databases: bytesByName,
  connectionLimits: { unit: '', value: z.record(z.string(), z.number()) },
  collations: {
    unit: '',
    value: z.record(z.string(), z.looseObject({ collate: z.string(), provider: z.string() })),
  },
  sizeBytes: bytes,
  tablespaces: texts,
  preparedTransactions: texts,
  tables: bytesByName,
  tableCount: count,
  unloggedTables: texts,
  unloggedSequences: texts,
  unloggedSequencesInUse: texts,
  extensions: texts,
  libraries: texts,
  missingExtensions: texts,
  missingLibraries: texts,
  collationMismatches: texts,
  walLevel: text,
  walSenders: count,
  walSendersFree: count,
  replicationSlots: count,
  walKeepSize: text,
  maxSlotWalKeepSize: text,
  connections: count,
  walInspectAvailable: yes,
  slots: {
    unit: '',
    value: z.array(
      z.looseObject({
        slot_name: z.string(),
        active: z.boolean(),
        wal_status: z.string(),
        slot_type: z.string().optional(),
        retainedBytes: z.number().optional(),
      }),
    ),
  },
  superuserSessions: texts,
  walBytesPerSecond: { unit: 'B/s', value: z.number() },
  hbaAdmitsReplication: yes,
  hbaMissing: texts,
  shutOut: texts,
  /** So many logins were judged, and there are more. Absent: all were. */
  loginsJudged: count,
  replicationUser: text,
  proofCopy: text,
  proofAt: text,
  /** Of the method `dump`: bytes of the tables without indexes. */
  dumpBytes: bytes,
  dumpVersion: text,
  sourceRoles: texts,
  targetRoles: texts,
  targetDatabases: texts,
  /** Databases that are not moved, and hold tables of users. */
  heldBack: texts,
  /** Databases that one cannot connect to, and templates. */
  unmoved: texts,
  subscriptions: texts,
  hashesAlike: yes,
  safetyAge: text,
  safetyAccepts: yes,
  safetyDump: text,
  safetyKeptFree: bytes,
  safetyWorkFree: bytes,
  safetyDevices: devices,
}
export type PostgresFacts = FactsOf<typeof facts>
