import { existsSync } from 'node:fs'
import type { Finding } from '../model/fact.ts'
import { exitCodes } from '../model/failure.ts'
import type { Kind } from '../model/kind.ts'
import type { Plan } from '../model/plan.ts'
import { auditSites } from '../run/read-only.ts'
import { span } from '../views/lines.ts'
import { findingJson, findingLines } from './audit.ts'
import type { CommandContext } from './command-context.ts'
import { judgeMachine } from './judge-machine.ts'
import { lookAtMachine } from './look-at-machine.ts'
import { type Migration, openMigration } from './migration.ts'
import { stateHome } from './state.ts'
import type { Verb } from './verb.ts'

/** What this machine lacks, and with `--hosts` what the hosts of the plan lack. Installs and changes nothing. */
export const doctor: Verb = {
  name: 'doctor',
  group: 'tools',
  summary: 'cli.doctor.summary',
  examples: 'cli.doctor.examples',
  options: [{ flags: '--hosts', text: 'cli.doctor.option.hosts' }],
  async run(context, call) {
    const { plan: file, overlay, state } = context.options
    const asksHosts = call.options.hosts === true
    const migration =
      asksHosts || [file, ...overlay].every(one => existsSync(one)) ? await openMigration(context) : undefined
    const directory = migration?.stateDirectory ?? state ?? stateHome(context.env)
    const needed = migration === undefined ? [] : programsHere(migration.plan, migration.kinds)
    const findings = [
      ...judgeMachine(await lookAtMachine(directory, needed, context.env)),
      ...(asksHosts && migration ? await lacksOfHosts(context, migration) : []),
    ]
    context.print(findingLines(findings, context))
    if (!asksHosts) context.printProgress([[span(context.say({ key: 'cli.doctor.hostsUnasked' }), 'dim')]])
    context.json({
      plan: migration?.plan.name ?? null,
      hosts: asksHosts,
      findings: findings.map(finding => findingJson(finding, context)),
    })
    return findings.some(({ level }) => level === 'block') ? exitCodes.checksFailed : undefined
  },
}

/** Beyond what every migration needs. Time stamps are made over HTTP, and judged by openssl. */
function programsHere(plan: Plan, kinds: Record<string, Kind>) {
  const ofKinds = Object.values(plan.components).flatMap(
    component => kinds[component.kind]?.programsHere?.(component, plan) ?? [],
  )
  return [...ofKinds, ...(plan.timestamps ? [{ program: 'openssl', package: 'openssl' }] : [])]
}

/** The findings of a whole audit that say that a host lacks a program: what else it finds is not asked for here. */
async function lacksOfHosts(context: CommandContext, migration: Migration): Promise<Finding[]> {
  const { plan, kinds } = migration
  const { findings } = await auditSites({ ...migration, by: context.options.by }, 'live')
  const lacking = findings.filter(({ id, component }) => {
    const kind = plan.components[component]?.kind ?? ''
    const rules = kinds[kind]?.lackingRules ?? []
    return rules.some(rule => `${id}.`.startsWith(`${component}.${rule}.`))
  })
  if (lacking.length > 0) return lacking
  return [{ id: 'hosts.programs', component: plan.name, level: 'ok', text: { key: 'cli.doctor.hosts' } }]
}
