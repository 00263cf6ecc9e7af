import { describe, expect, it } from 'vitest'
import { machineConfig } from '../../lab/hypervisor/raise.ts'
import { bridges, cables, endpoints, shape } from '../../lab/network/commands.ts'
import { addressOf, allParts, guestsOf, hostsOf, markOf, withoutMachines } from '../../lab/topology.ts'
import type { LabPart } from '../../lab/types.ts'

const trainers = ['trainer-name', 'trainer-address', 'trainer-restarter']

describe('the lab’s map', () => {
  it('gives every host of a lab its own address and namespace', () => {
    const hosts = hostsOf(3, withoutMachines)
    expect(hosts).toHaveLength(24)
    expect(new Set(hosts.map(host => host.address)).size).toBe(24)
    expect(hosts.find(host => host.name === 'toulouse-database')).toMatchObject({
      address: '10.83.2.10',
      namespace: 'bl3-toulouse-database',
    })
  })

  it('has no address in common with a lab beside it', () => {
    const addresses = new Set(hostsOf(0).map(host => host.address))
    expect(hostsOf(1).filter(host => addresses.has(host.address))).toEqual([])
  })

  it.each([
    [['database'], ['gateway', 'database']],
    [['files'], ['gateway', 'files']],
    [['dns'], ['gateway', 'users', 'stubborn', 'resolver', 'dns', 'secondary']],
    [['network'], ['gateway', 'office', 'tester', 'stranger', ...trainers]],
    [['services'], ['gateway', 'database', 'files', 'auth', 'courses', 'dashboard', 'users']],
    [['machines'], ['gateway', 'hypervisor']],
    [
      ['services', 'machines'],
      ['gateway', 'database', 'files', 'dashboard', 'hypervisor', 'users'],
    ],
  ] as const)('of %s raises what they need and no more', (parts, roles) => {
    expect(new Set(hostsOf(0, parts).map(host => host.role))).toEqual(new Set(roles))
  })
})

describe('virtual machines', () => {
  it('take the place of hosts, at the addresses these would have', () => {
    expect(guestsOf().map(({ role, vmid }) => [role, vmid, addressOf(0, 'toulouse', role)])).toEqual([
      ['auth', 101, '10.80.2.30'],
      ['courses', 102, '10.80.2.40'],
    ])
    const names = (parts: readonly LabPart[]) => hostsOf(0, parts).map(host => host.name)
    expect(names(withoutMachines)).toEqual(expect.arrayContaining(['toulouse-auth', 'montpellier-courses']))
    expect(names(allParts).filter(name => /-(auth|courses)$/.test(name))).toEqual([])
    const hosts = hostsOf(0, withoutMachines)
    for (const { role } of guestsOf())
      expect(hosts.find(host => host.name === `toulouse-${role}`)?.address).toBe(
        addressOf(0, 'toulouse', role),
      )
  })

  it('are none without services', () => {
    expect(guestsOf(['machines'])).toEqual([])
    expect(guestsOf(withoutMachines)).toEqual([])
  })

  it('join a bridge that carries the hypervisor’s own address; a second one leads nowhere', () => {
    const hosts = hostsOf(0, ['machines'])
    const lines =
      endpoints(0, hosts).find(batch => batch.namespace === 'bl0-toulouse-hypervisor')?.lines ?? []
    expect(lines).toContain('link set eth0 master vmbr0')
    expect(lines).toContain('address add 10.80.2.60/24 dev vmbr0')
    expect(lines.filter(line => line.includes('vmbr9'))).toEqual([
      'link add vmbr9 type bridge',
      'link set vmbr9 up',
    ])
  })

  it('have the configuration Proxmox VE writes, each with a card of its own', () => {
    expect(machineConfig(2, 'auth', 101)).toContain('net0: virtio=BC:24:11:02:00:65,bridge=vmbr0\n')
    expect(machineConfig(2, 'auth', 101)).toContain('scsi0: local:101/vm-101-disk-0.qcow2,size=512M\n')
  })
})

describe('the lab’s network', () => {
  const hosts = hostsOf(0, ['database', 'dns'])
  const batches = [cables(0, hosts), ...bridges(0, hosts), ...endpoints(0, hosts)]

  it('names everything in the root namespace by the lab’s mark', () => {
    const lines = cables(0, hosts).lines
    const made = lines.map(line => /^(?:netns add|link add (?!.*netns \S+ type)) ?(\S+)/.exec(line)?.[1])
    const named = made.filter(name => name !== undefined)
    expect(named).toContain('bl0-ops')
    expect(named.filter(name => !name.startsWith(markOf(0)))).toEqual([])
  })

  it('sets up each namespace once', () => {
    const namespaces = batches.map(batch => batch.namespace)
    expect(namespaces).toHaveLength(new Set(namespaces).size)
  })

  it('keeps interface names within the kernel’s 15 characters', () => {
    const lines = batches.flatMap(batch => batch.lines)
    const names = lines.flatMap(line =>
      [...line.matchAll(/(?:link add|peer name) (\S+)/g)].map(match => match[1]),
    )
    expect(names.length).toBeGreaterThan(10)
    expect(names.filter(name => (name?.length ?? 0) > 15)).toEqual([])
  })

  it('gives users of the Internet no way into a site but its front door', () => {
    const users = endpoints(0, hosts).find(batch => batch.namespace === 'bl0-internet-users')
    expect(users?.lines.filter(line => line.startsWith('route'))).toEqual([])
  })

  it('shapes the link at the rate asked for', () => {
    expect(shape('bl0-montpellier-gateway', 50, 'replace').join(' ')).toBe(
      'tc -n bl0-montpellier-gateway qdisc replace dev intersite root tbf rate 50mbit burst 256k latency 50ms',
    )
  })
})
