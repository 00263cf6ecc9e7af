import type { ReadIo } from '../../model/io.ts'
import { auditBoth } from './audit-sides.ts'
import { walFacts } from './audit-wal.ts'
import { controlOf, dataDirectoryOf, pathExists } from './cluster.ts'
import { copyIdOf, proofOf } from './compare/proof.ts'
import type { PostgresFacts } from './facts.ts'
import { roomAt } from './safety-copy/room.ts'
import type { Side, Sides } from './sides.ts'
import { queryOne } from './sql.ts'

/** Of the streaming method. A password that cannot be read is a Failure, too. */
export async function auditSides(sides: Sides, io: ReadIo): Promise<PostgresFacts> {
  const { target, spec } = sides
  await io.secret(spec.replication.password)
  const both = await auditBoth(
    sides,
    {
      ours: spec.replication.user,
      source: () => replicationFacts(sides, io),
      target: async isUp =>
        isUp ? { targetCopy: await copyIdOf(target, io) } : await copyAtRest(target, io),
    },
    io,
  )
  return { ...both, targetAddress: target.address, ...(spec.safetyCopy && (await safetyFacts(target, io))) }
}

async function replicationFacts({ source, spec }: Sides, io: ReadIo): Promise<PostgresFacts> {
  const wal = await walFacts(source, io)
  const admitted = await queryOne(
    io,
    source.sql,
    `select bool_or('replication' = any(database)) as any from pg_hba_file_rules where type in ('host', 'hostssl')`,
  )
  const proof = await proofOf(source, io)
  return {
    ...wal,
    hbaAdmitsReplication: admitted?.any === true,
    replicationUser: spec.replication.user,
    proofCopy: proof?.copyId ?? '',
    proofAt: proof?.at ?? '',
  }
}

/** A rollback may leave the copy stopped: the identifier that it has from the source says that it is the copy. */
async function copyAtRest(target: Side, io: ReadIo): Promise<PostgresFacts> {
  if (!(await pathExists(target, `${await dataDirectoryOf(target, io)}/global/pg_control`, io))) return {}
  return { targetSystemIdentifier: (await controlOf(target, io)).systemIdentifier }
}

async function safetyFacts(target: Side, io: ReadIo): Promise<PostgresFacts> {
  const { age, accepts, dump, keptFree, workFree, devices } = await roomAt(target, io)
  return {
    ...{ safetyAge: age, safetyAccepts: accepts, safetyDump: dump },
    ...{ safetyKeptFree: keptFree, safetyWorkFree: workFree, safetyDevices: devices },
  }
}
