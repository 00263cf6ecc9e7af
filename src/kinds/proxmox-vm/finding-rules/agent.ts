import type { Judgement, Rule, Seen } from './judgement.ts'

/** The agent shuts the guest down cleanly, freezes its disks for a copy, changes its address and runs the probes. */
export const agent: Rule = seen => {
  const { audit, component, source, spec } = seen
  if (!audit.found || audit.agentEnabled === undefined) return []
  const needed = needsAgent(seen)
  const values = { machine: component.title, vmid: spec.vmid, site: source.siteTitle, ssh: source.host.ssh }
  const level: Judgement['level'] = needed ? 'block' : 'warn'
  if (!audit.agentEnabled) return [{ name: 'agent-off', level, values }]
  if (audit.running && audit.agent === false) return [{ name: 'agent-silent', level, values }]
  if (!audit.agent) return []
  const os = audit.guestOs ?? ''
  return [{ name: 'agent-answers', level: 'ok', values: { ...values, os, host: audit.guestHostName ?? '' } }]
}

function needsAgent({ spec: { network, probes } }: Seen): boolean {
  const address = network !== undefined && !('cloudInit' in network && network.cloudInit)
  return probes.length > 0 || address
}
