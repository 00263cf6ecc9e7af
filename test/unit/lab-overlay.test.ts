import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { exampleLab, renderOverlay } from '../../lab/overlay.ts'
import { repository } from '../../lab/paths.ts'
import { allParts, withoutMachines } from '../../lab/topology.ts'
import type { LabPart } from '../../lab/types.ts'
import { loadKinds } from '../../src/kinds/registry.ts'
import type { Plan } from '../../src/model/plan.ts'
import { parsePlan } from '../../src/plan/parse.ts'

describe('the lab’s overlay of the TechCorp plan', () => {
  it('is what examples/techcorp/lab.yaml shows (to write it: node lab/write-example.ts)', () => {
    const example = readFileSync(join(repository, 'examples/techcorp/lab.yaml'), 'utf8')
    expect(example).toBe(renderOverlay(exampleLab))
  })

  it('holds no secret, only where it is', () => {
    const text = renderOverlay(exampleLab)
    const secrets = [...text.matchAll(/(?:password|secret|trainer|privateKey): (.*)/g)].map(match => match[1])
    // two of the database, the trainer's twice, three zones', two hypervisors' for each of two machines, two of the VPN
    expect(secrets).toHaveLength(13)
    expect(secrets.filter(secret => !secret?.startsWith('file:/var/lib/bascule-lab/lab/secrets/'))).toEqual(
      [],
    )
  })

  it('tells where the machines are, and the fingerprints of this lab’s own certificates', () => {
    const fingerprints = { montpellier: 'AA:AA', toulouse: 'BB:BB' }
    const { components } = parse(
      renderOverlay({ ...exampleLab, index: 1 }, { hypervisor: fingerprints, database: fingerprints }),
    )
    expect(components.database).toMatchObject({
      source: { fingerprint: 'AA:AA' },
      target: { fingerprint: 'BB:BB' },
    })
    expect(components['courses-machine']).toMatchObject({
      source: { api: { url: 'https://10.81.1.60:8006', fingerprint: 'AA:AA' } },
      target: { api: { url: 'https://10.81.2.60:8006', fingerprint: 'BB:BB' } },
      network: {
        source: { address: '10.81.1.40/24', gateway: '10.81.1.1' },
        target: { others: { database: '10.81.2.10', files: '10.81.2.20', auth: '10.81.2.30' } },
      },
    })
  })

  async function planWith(parts: readonly LabPart[]): Promise<Plan> {
    const file = join(repository, 'examples/techcorp/plan.yaml')
    const files = [
      { name: 'plan.yaml', text: readFileSync(file, 'utf8') },
      { name: 'overlay.yaml', text: renderOverlay({ ...exampleLab, parts: [...parts] }) },
    ]
    const result = parsePlan(files, await loadKinds())
    if ('errors' in result) throw new Error(JSON.stringify(result.errors))
    expect(result.warnings).toEqual([])
    return result.plan
  }

  it('tells where both sites are looked at from, and what is whose', async () => {
    const plan = await planWith(allParts)
    expect(Object.values(plan.outside).map(({ ssh, address }) => [ssh, address])).toEqual([
      ['internet-tester', '10.80.4.30'],
      ['internet-stranger', '10.80.4.66'],
      ['montpellier-office', '10.80.11.70'],
      ['toulouse-office', '10.80.12.70'],
    ])
    expect(plan.sites.target.hosts.office).toBeUndefined()
    expect(plan.components.vpn?.spec).toMatchObject({
      source: { endpoint: '10.80.4.11' },
      target: { endpoint: '10.80.4.12' },
      test: { target: { url: 'http://10.80.2.1/summary', says: 'toulouse' } },
    })
    expect(plan.components['names-reverse']?.spec.zone).toBe('4.80.10.in-addr.arpa')
    expect(JSON.stringify(plan.components)).not.toMatch(/(192\.0\.2|198\.51\.100|203\.0\.113)\./)
  })

  it('without the network, leaves out what a gateway has beside cables', async () => {
    const plan = await planWith(allParts.filter(part => part !== 'network'))
    expect(plan.outside).toEqual({})
    expect(Object.keys(plan.components)).toEqual(
      expect.arrayContaining(['link', 'dashboard', 'names', 'names-reverse']),
    )
    for (const id of ['line', 'firewall', 'vpn', 'old-addresses', 'names-internal'])
      expect(plan.components[id], id).toBeUndefined()
    expect(plan.components.dashboard?.needs).toEqual(['auth', 'courses'])
    expect(plan.components.names?.spec.records).toContainEqual(expect.objectContaining({ name: 'dashboard' }))
  })

  it('without machines, makes their services plain programs again', async () => {
    const plan = await planWith(withoutMachines)
    expect(Object.values(plan.components).filter(one => one.kind === 'proxmox-vm')).toEqual([])
    expect(plan.components.auth).toMatchObject({
      needs: ['database'],
      spec: { manager: { runit: 'auth' }, source: { host: 'auth' } },
    })
    expect(plan.components.courses?.needs).toEqual(['database', 'files'])
    expect(plan.sites.target.hosts.courses?.ssh).toBe('toulouse-courses')
    expect(plan.sites.target.hosts.hypervisor).toBeUndefined()
    expect(Object.keys(plan.checks).filter(id => /machine|^T5/.test(id))).toEqual([])
  })

  it('moves with the lab’s index and name', () => {
    const overlay = parse(renderOverlay({ ...exampleLab, name: 'other', index: 2, linkMbps: 50 }))
    expect(overlay.sites.target.hosts.database.address).toBe('10.82.2.10')
    expect(overlay.ssh.configFile).toBe('/var/lib/bascule-lab/other/ssh_config')
    expect(overlay.components.media.target.url).toBe('http://10.82.2.20')
    expect(overlay.components.link.declaredMbps).toBe(50)
  })
})
