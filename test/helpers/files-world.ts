import { files } from '../../src/kinds/files/facts.ts'
import { type TreePair, treePairOf } from '../../src/kinds/files/tree-pair.ts'
import type { Facts } from '../../src/model/fact.ts'
import type { JsonObject } from '../../src/model/json.ts'
import type { PlanContext } from '../../src/model/kind.ts'
import type { Component, Host, Plan } from '../../src/model/plan.ts'
import type { RoleLookup } from '../../src/model/roles.ts'
import type { RunMode } from '../../src/model/step.ts'

const here: Host = { ssh: 'montpellier-files', address: '10.80.1.20', become: 'runuser' }
export const there: Host = { ssh: 'toulouse-files', address: '10.80.2.20', become: 'runuser' }

/** Both trees of a component, as its kind finds them in a plan. */
export const treesOf = (component: Component, plan: Plan): TreePair =>
  treePairOf({ component, spec: files.specOf(component), plan })

export function filesComponent(spec: JsonObject = {}): Component {
  return {
    id: 'files',
    kind: 'files',
    title: 'File server',
    criticality: 'high',
    owner: 'sysadmin',
    needs: [],
    spec: {
      source: { host: 'files', path: '/srv/files' },
      target: { host: 'files', path: '/srv/copy' },
      ...spec,
    },
  }
}

/** A plan of one component; only what kinds read of it. */
export function planWith(component: Component, target: Host = there): Plan {
  const hosts = (host: Host) => ({
    files: host,
    gateway: { ...host, ssh: host.ssh.replace('files', 'gateway') },
  })
  return {
    name: 'techcorp',
    sites: {
      source: { id: 'montpellier', title: 'Montpellier', hosts: hosts(here) },
      target: { id: 'toulouse', title: 'Toulouse', hosts: hosts(target) },
    },
    components: { [component.id]: component },
  } as unknown as Plan
}

export const contextOf = (component: Component, mode: RunMode, facts: Facts = {}): PlanContext => ({
  plan: planWith(component),
  mode,
  facts: { [component.id]: facts },
  roles: measuredLink(1000),
})

/** The roles of a plan whose link was measured. */
export const measuredLink = (mbps: number): RoleLookup =>
  (role =>
    role === 'linkRate' ? [{ component: 'link', value: { mbps, from: 'measured' } }] : []) as RoleLookup

export const factsOf = (values: Record<string, unknown>): Facts =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      { value: value as Facts[string]['value'], unit: '', at: '2026-12-01T00:00:00Z' },
    ]),
  )

/** What a healthy audit says. */
export const soundFacts = {
  sourceState: 'present',
  sourceRsync: '3.2.7',
  targetRsync: '3.2.7',
  sourceReachesTarget: true,
  targetState: 'empty',
  targetFilesystem: 'ext4',
  targetFreeBytes: 1e12,
  targetFreeInodes: 1e8,
  files: 70_000,
  directories: 100,
  symbolicLinks: 5,
  bytes: 300e9,
  churnBytes: 1e9,
  churnFiles: 100,
  filesystems: 1,
  acls: 0,
  xattrs: 0,
  hardLinked: 0,
  documentsUnreadable: 0,
}
