import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { nftablesSpec } from '../../src/kinds/nftables/spec.ts'
import type { JsonObject } from '../../src/model/json.ts'
import type { Component, Host, Plan } from '../../src/model/plan.ts'

const example = parse(readFileSync(join(import.meta.dirname, 'nftables-example.yaml'), 'utf8')) as {
  firewall: JsonObject
}
const { kind: _kind, title: _title, criticality: _criticality, owner: _owner, ...written } = example.firewall

/** The example's own fields, as written, with changes. */
export const specWith = (changes: JsonObject = {}): JsonObject => ({ ...written, ...changes })

export function component(changes: JsonObject = {}): Component {
  const spec = nftablesSpec.parse(specWith(changes)) as unknown as JsonObject
  return {
    id: 'firewall',
    kind: 'nftables',
    title: 'firewall',
    criticality: 'high',
    owner: 'network',
    needs: [],
    spec,
  }
}

const host = (ssh: string, address: string): Host => ({ ssh, address, become: 'runuser' })
const hosts = (site: string, lan: string, office: string) => ({
  gateway: host(`${site}-gateway`, `${lan}.1`),
  files: host(`${site}-files`, `${lan}.20`),
  database: host(`${site}-database`, `${lan}.10`),
  office: host(`${site}-office`, `${office}.70`),
})

export const plan = {
  sites: {
    source: { id: 'montpellier', title: 'Montpellier', hosts: hosts('montpellier', '10.80.1', '10.80.11') },
    target: { id: 'toulouse', title: 'Toulouse', hosts: hosts('toulouse', '10.80.2', '10.80.12') },
  },
  outside: {
    stranger: host('internet-stranger', '10.80.4.66'),
    tester: host('internet-tester', '10.80.4.30'),
  },
  ssh: { configFile: '/etc/lab/ssh_config', connectTimeoutSeconds: 5 },
  components: {},
} as unknown as Plan
