import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { exampleLab, renderOverlay } from '../../lab/overlay.ts'
import { repository } from '../../lab/paths.ts'
import { withoutMachines } from '../../lab/topology.ts'
import { loadKinds } from '../../src/adapters/registry.ts'
import { parsePlan } from '../../src/plan/parse.ts'

describe('the lab’s overlay of the TechCorp plan', () => {
  it('is what examples/techcorp/lab.yaml shows (to write it: node lab/write-example.ts)', () => {
    const example = readFileSync(join(repository, 'examples/techcorp/lab.yaml'), 'utf8')
    expect(example).toBe(renderOverlay(exampleLab))
  })

  it('holds no secret, only where it is', () => {
    const text = renderOverlay(exampleLab)
    const secrets = [...text.matchAll(/(?:password|secret|trainer): (.*)/g)].map(match => match[1])
    // two of the database, the trainer's twice, the zone's, two hypervisors' for each of two machines
    expect(secrets).toHaveLength(9)
    expect(secrets.filter(secret => !secret?.startsWith('file:/var/lib/bascule-lab/lab/secrets/'))).toEqual(
      [],
    )
  })

  it('tells where the machines are, and the fingerprints of this lab’s own certificates', () => {
    const fingerprints = { montpellier: 'AA:AA', toulouse: 'BB:BB' }
    const { components } = parse(renderOverlay({ ...exampleLab, index: 1 }, fingerprints))
    expect(components['courses-machine']).toMatchObject({
      source: { api: { url: 'https://10.81.1.60:8006', fingerprint: 'AA:AA' } },
      target: { api: { url: 'https://10.81.2.60:8006', fingerprint: 'BB:BB' } },
      network: {
        source: { address: '10.81.1.40/24', gateway: '10.81.1.1' },
        target: { others: { database: '10.81.2.10', files: '10.81.2.20', auth: '10.81.2.30' } },
      },
    })
  })

  it('without machines, makes their services plain programs again', async () => {
    const text = renderOverlay({ ...exampleLab, parts: [...withoutMachines] })
    const kinds = await loadKinds()
    const file = join(repository, 'examples/techcorp/plan.yaml')
    const files = [
      { name: 'plan.yaml', text: readFileSync(file, 'utf8') },
      { name: 'overlay.yaml', text },
    ]
    const result = parsePlan(files, kinds)
    if ('errors' in result) throw new Error(JSON.stringify(result.errors))
    expect(result.warnings).toEqual([])
    const { plan } = result
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
