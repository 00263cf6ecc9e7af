import type { Component } from '../../src/model/plan.ts'
import { PaperHypervisors } from '../doubles/paper-hypervisors.ts'
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

/** Two hypervisors of paper; the machine is set as a guest with an agent is. */
export class ProxmoxWorld extends PaperHypervisors {
  constructor() {
    super()
    const settings = { onboot: '1', description: 'theirs', agent: 'enabled=1', name: 'auth', memory: '512' }
    Object.assign(this.source.machines.get(101)?.config ?? {}, settings)
  }

  /** Numbers of archives, instants and how much had to be sent differ from one attempt to the next. */
  state(): unknown {
    const sites = [this.source, this.target].map(site => {
      const guest = site.guest()
      return {
        machines: [...site.machines].toSorted(([one], [other]) => one - other),
        files: [...site.files].map(([path, text]) => [steady(path), steady(text)]).toSorted(),
        guest: [[...guest.files], site.isRunning(101) ? guest.address : 'off'],
      }
    })
    return structuredClone(sites)
  }
}

const steady = (text: string): string =>
  text
    .replaceAll(/(vzdump-qemu-101-2026_12_12-22_00_)\d+/g, '$1NN')
    .replaceAll(/,\s*"superseded":\s*\[\]/g, '')
    .replaceAll(/"(at|seconds|sentBytes)":\s*("[^"]*"|[\d.]+)/g, '"$1": 0')
