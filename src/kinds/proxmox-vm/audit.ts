import type { ReadIo } from '../../model/io.ts'
import { attempt } from './audit/attempt.ts'
import { auditHosts } from './audit/hosts.ts'
import { auditGuest, auditSource } from './audit/source.ts'
import { auditTarget } from './audit/target.ts'
import type { AboutMachine, MachineAudit } from './facts.ts'
import { endsOf } from './sides.ts'

/**
 * Reads both clusters by their API, both hypervisors by ssh, and the guest by its agent; writes nothing. What cannot be
 * reached becomes a fact too, so that one closed door does not hide what is behind the others. Throws Failure when a secret
 * cannot be read or the plan's hosts are unknown.
 */
export async function audit(about: AboutMachine, io: ReadIo): Promise<MachineAudit> {
  const { source, target } = endsOf(about)
  for (const { api } of [source, target]) await io.secret(api.secret)
  const [atSource, atTarget, hosts] = await Promise.all([
    attempt(io, auditSource(source, io)),
    attempt(io, auditTarget(target, io)),
    auditHosts(source, target, io),
  ])
  const found: MachineAudit = { ...hosts }
  if ('failure' in atSource) found.sourceApiFailure = atSource.failure
  else Object.assign(found, atSource.value)
  if ('failure' in atTarget) found.targetApiFailure = atTarget.failure
  else Object.assign(found, atTarget.value)
  if (found.running === false) found.agent = false
  else if (found.running) Object.assign(found, await auditGuest(source, io))
  return found
}
