import type { Rule } from './judgement.ts'

/** Taken from the processor of the host: another host gives another one. */
const ofTheHost = new Set(['host', 'max'])

export const cpu: Rule = ({ audit, component, spec, source, target }) => {
  const { cpuType, targetCpuModels } = audit
  if (cpuType === undefined) return []
  const values = {
    machine: component.title,
    model: cpuType,
    vmid: spec.vmid,
    ssh: source.host.ssh,
    site: target.siteTitle,
    targetSsh: target.host.ssh,
  }
  if (ofTheHost.has(cpuType)) {
    const level = spec.way === 'remote-migrate-online' ? 'block' : 'warn'
    return [{ name: 'cpu-of-host', level, values }]
  }
  if (targetCpuModels === undefined || targetCpuModels.includes(cpuType)) return []
  return [{ name: 'cpu-unknown', level: 'block', values }]
}
