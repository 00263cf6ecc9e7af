import type { ReadIo } from '../../model/io.ts'
import type { MessageKey } from '../../model/text.ts'
import type { Judgement } from '../kit/kind-parts.ts'
import { linkRate } from '../kit/link-rate.ts'
import { shutdown } from './actions/shutdown.ts'
import { start } from './actions/start.ts'
import { startCopy } from './actions/start-copy.ts'
import { testRestore } from './actions/test-restore.ts'
import { attempt } from './audit/attempt.ts'
import { auditHosts } from './audit/hosts.ts'
import { auditGuest, auditSource } from './audit/source.ts'
import { auditTarget } from './audit/target.ts'
import { keepingTasks } from './client/kept-tasks.ts'
import type { AboutMachine, MachineAudit } from './facts.ts'
import { proxmoxVm } from './facts.ts'
import { writesLost } from './failback/way-back.ts'
import type { Found, Rule, Seen } from './finding-rules/judgement.ts'
import { agent, cpu, machine } from './finding-rules/machine.ts'
import { ways } from './finding-rules/methods.ts'
import { addresses, network } from './finding-rules/network.ts'
import { hosts, reach, rights } from './finding-rules/reach.ts'
import { sentences } from './finding-rules/sentences.ts'
import { storage } from './finding-rules/storage.ts'
import { linkMbpsOf } from './machine/disk-rates.ts'
import { figures, measuresBy } from './measures/index.ts'
import { messages } from './messages.ts'
import { methods, transferMethods } from './methods/all.ts'
import { endsOf } from './sides.ts'
import { unprovenOf } from './unproven.ts'

/** Those that all methods share. */
const common = {
  testRestore: testRestore(methods),
  shutdown: shutdown(methods),
  start: start(methods),
  startCopy: startCopy(methods),
}
const own = transferMethods.flatMap(({ steps }) => [...steps.preparation, ...steps.rehearsal, ...steps.live])

/** A virtual machine of Proxmox VE, moved to another cluster with its disks. */
export const kind = proxmoxVm.defineKind({
  messages,
  unproven: ({ spec }) => unprovenOf(spec.way),
  audit,
  findings,
  plan(about) {
    const { steps, keepsRunning } = methods.chosen(about)
    return {
      preparation: [...steps.preparation, common.testRestore],
      rehearsal: [...steps.rehearsal, common.startCopy],
      live: [...(keepsRunning ? [] : [common.shutdown]), ...steps.live, common.start],
      close: [],
    }
  },
  actions: [...Object.values(common), ...own].map(keepingTasks),
  figures,
  // blocks written at the target are recorded there; without the record the rollback copies every block that differs
  returnPath: 'none',
  measures: measuresBy(methods),
  losesWithout: async (measuring, side) =>
    side === 'target' && measuring.wasBegun(common.start)
      ? { text: [writesLost(measuring)], figures: {} }
      : undefined,
})

/**
 * Reads both clusters by their API, both hypervisors by ssh, and the guest by its agent; writes nothing. What cannot be
 * reached becomes a fact too, so that one closed door does not hide what is behind the others. Throws Failure when a secret
 * cannot be read or the plan's hosts are unknown.
 */
async function audit(about: AboutMachine, io: ReadIo): Promise<MachineAudit> {
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

const rules: Rule[] = [reach, rights, hosts, machine, agent, storage, network, cpu, addresses, ways]

/** What the audited facts mean: each trap by name, with its figures and what to type. Pure. */
function findings(about: AboutMachine): Judgement[] {
  if (Object.keys(about.facts).length === 0) return []
  const seen: Seen = {
    component: about.component,
    ...endsOf(about),
    audit: about.facts,
    linkMbps: linkMbpsOf(about),
    isLinkKnown: linkRate(about.roles) !== undefined,
  }
  return rules.flatMap(rule => rule(seen)).map(judgement)
}

function judgement(found: Found): Judgement {
  const { name: rule, level, values = {} } = found
  if (found.text !== undefined)
    return { rule, level, text: found.text, ...(found.remedy && { remedy: found.remedy }) }
  const [what, how] = sentences[found.name] as readonly [MessageKey, MessageKey?]
  const remedy = found.remedy ?? (level !== 'ok' && how ? { key: how, values } : undefined)
  return { rule, level, text: { key: what, values }, ...(remedy && { remedy }) }
}
