import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { exampleLab, renderOverlay } from '../../lab/overlay.ts'
import { repository } from '../../lab/paths.ts'

describe('the lab’s overlay of the TechCorp plan', () => {
  it('is what examples/techcorp/lab.yaml shows (to write it: node lab/write-example.ts)', () => {
    const example = readFileSync(join(repository, 'examples/techcorp/lab.yaml'), 'utf8')
    expect(example).toBe(renderOverlay(exampleLab))
  })

  it('holds no secret, only where it is', () => {
    const text = renderOverlay(exampleLab)
    const secrets = [...text.matchAll(/(?:password|secret|trainer): (.*)/g)].map(match => match[1])
    expect(secrets).toHaveLength(5)
    expect(secrets.filter(secret => !secret?.startsWith('file:/var/lib/bascule-lab/lab/secrets/'))).toEqual(
      [],
    )
  })

  it('moves with the lab’s index and name', () => {
    const overlay = parse(renderOverlay({ ...exampleLab, name: 'other', index: 2, linkMbps: 50 }))
    expect(overlay.sites.target.hosts.database.address).toBe('10.82.2.10')
    expect(overlay.ssh.configFile).toBe('/var/lib/bascule-lab/other/ssh_config')
    expect(overlay.components.media.target.url).toBe('http://10.82.2.20')
    expect(overlay.components.link.declaredMbps).toBe(50)
  })
})
