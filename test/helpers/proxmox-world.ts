import { rightsFor } from '../../src/kinds/proxmox-vm/rights.ts'
import { machineSpec } from '../../src/kinds/proxmox-vm/spec.ts'
import type { ChangeIo, HttpRequest } from '../../src/model/io.ts'
import type { Json, JsonObject } from '../../src/model/json.ts'
import type { Component } from '../../src/model/plan.ts'
import { PaperGuests } from '../doubles/paper-guests.ts'
import { PaperHypervisors, type PaperSite } from '../doubles/paper-hypervisors.ts'
import { component, plan } from './proxmox-plan.ts'

/** The machine of the small plan, whose archive is restored: its address changes, and one probe is run in it. */
export const archived: Component = {
  ...component,
  spec: {
    ...component.spec,
    way: 'backup-restore',
    network: {
      source: { address: '10.80.1.30/24', gateway: '10.80.1.1' },
      target: { address: '10.80.2.30/24', gateway: '10.80.2.1' },
      files: ['/etc/network/interfaces'],
      apply: ['/sbin/apply-network'],
    },
    startSeconds: 20,
    probes: [{ name: 'answers', exec: ['true'] }],
  },
}
export const planOfArchived = { ...plan, components: { [archived.id]: archived } }

const privileges = ['source', 'target'].flatMap(side =>
  rightsFor(machineSpec.parse(archived.spec), side as 'source', '9.1', {
    disks: ['local'],
    archives: 'local',
  }),
)
const everything = Object.fromEntries(privileges.flatMap(right => right.privileges.map(name => [name, 1])))

/** Two hypervisors on paper with a guest in each, that an audit may ask too. */
export class ProxmoxWorld {
  readonly guests = new PaperGuests(new PaperHypervisors())
  /** Taken from what `which` finds, at both. */
  readonly missing = new Set<string>()
  constructor() {
    const settings = { onboot: '1', description: 'theirs', agent: 'enabled=1', name: 'auth', memory: '512' }
    Object.assign(this.guests.paper.source.machines.get(101)?.config ?? {}, settings)
  }

  get io(): ChangeIo {
    const base = this.guests.io()
    return {
      ...base,
      http: async request => {
        const data = this.answer(request)
        if (data === undefined) return base.http(request)
        const body = new TextEncoder().encode(JSON.stringify({ data }))
        return { status: 200, headers: {}, body, milliseconds: 1 }
      },
      read: async (host, argv, options) => {
        const said = this.said(argv)
        return said === undefined ? base.read(host, argv, options) : { stderr: '', ...said }
      },
    }
  }

  private answer({ url, method }: HttpRequest): Json | undefined {
    if (method !== 'GET') return undefined
    const { hostname, pathname, searchParams } = new URL(url)
    const site = this.guests.paper[hostname.endsWith('.2.60') ? 'target' : 'source']
    const path = decodeURIComponent(pathname).replace(/^\/api2\/json/, '')
    if (path === '/version') return { version: '9.1.2', release: '9.1', repoid: '0123abcd' }
    if (path === '/access/permissions') return { [searchParams.get('path') ?? '']: everything }
    if (path === '/cluster/nextid') return freeNumber(site, searchParams.get('vmid'))
    if (path === '/cluster/replication') return []
    if (path === '/cluster/resources')
      return [...site.machines.keys()].map(vmid => ({
        id: `qemu/${vmid}`,
        type: 'qemu',
        vmid,
        node: site.node,
      }))
    if (path === '/nodes') return [{ node: site.node, status: 'online' }]
    if (path.endsWith('/network')) return bridges
    if (path.endsWith('/capabilities/qemu/cpu')) return [{ name: 'kvm64', vendor: 'any', custom: 0 }]
    if (path.endsWith('/snapshot')) return []
    if (path.endsWith('/agent/get-osinfo')) return { result: { 'pretty-name': 'Debian' } }
    if (path.endsWith('/agent/get-host-name')) return { result: { 'host-name': 'auth' } }
    return undefined
  }

  private said([program = '', ...words]: readonly string[]):
    | { exitCode: number; stdout: string }
    | undefined {
    if (program === 'which') {
      const found = words.slice(1).filter(name => !this.missing.has(name))
      return { exitCode: 0, stdout: found.map(name => `/usr/bin/${name}\n`).join('') }
    }
    return program === 'socat' || program === 'zfs' ? { exitCode: 1, stdout: '' } : undefined
  }

  /** Numbers of archives, instants and how much had to be sent differ from one attempt to the next. */
  state(): unknown {
    const { source, target } = this.guests
    const sites = [this.guests.paper.source, this.guests.paper.target].map(({ machines, files }) => ({
      machines: [...machines].toSorted(([one], [other]) => one - other),
      files: [...files].map(([path, text]) => [steady(path), steady(text)]).toSorted(),
    }))
    const { paper } = this.guests
    const guests = [
      { at: paper.source, guest: source },
      { at: paper.target, guest: target },
    ].map(({ at, guest }) => [[...guest.files], at.machines.get(101)?.running ? guest.address : 'off'])
    return structuredClone([sites, guests])
  }
}

function freeNumber({ machines }: PaperSite, asked: string | null): string {
  let number = Number(asked ?? 900)
  while (machines.has(number)) number += 1
  return String(number)
}

const bridges: JsonObject[] = [
  { iface: 'vmbr0', type: 'bridge', active: 1, bridge_vlan_aware: 1, bridge_ports: 'eth0' },
  { iface: 'vmbr9', type: 'bridge', active: 1 },
]

const steady = (text: string): string =>
  text
    .replaceAll(/(vzdump-qemu-101-2026_12_12-22_00_)\d+/g, '$1NN')
    .replaceAll(/,\s*"superseded":\s*\[\]/g, '')
    .replaceAll(/"(at|seconds|sentBytes)":\s*("[^"]*"|[\d.]+)/g, '"$1": 0')
