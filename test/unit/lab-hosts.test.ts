import { describe, expect, it } from 'vitest'
import { findInItem, parseRowPlace } from '../../lab/faults/heap.ts'
import { estateEnvironment } from '../../lab/hosts/estate.ts'
import { runScript } from '../../lab/hosts/service.ts'
import { sshConfig, sshdConfig } from '../../lab/hosts/sshd.ts'
import { hostsOf, withoutMachines } from '../../lab/topology.ts'

const hosts = hostsOf(0, withoutMachines)
const host = (name: string) => hosts.find(each => each.name === name) ?? expect.fail(name)

describe('a lab host', () => {
  it('lets only keys in, and only at its own address', () => {
    const config = sshdConfig(host('toulouse-files'))
    expect(config).toContain('ListenAddress 10.80.2.20\n')
    expect(config).toContain('PasswordAuthentication no\n')
  })

  it('is known by its key: no ssh configuration of the lab trusts an unknown one', () => {
    expect(sshConfig('lab', hosts)).toContain('StrictHostKeyChecking yes')
    expect(sshConfig('lab', hosts).match(/^Host \w/gm)).toHaveLength(hosts.length)
  })

  it('runs services in place, with arguments kept whole', () => {
    const argv = ['nginx', '-g', 'daemon off;', "it's"]
    expect(runScript({ name: 'media', argv })).toBe(
      "#!/bin/sh\nexec 2>&1\nexec nginx -g 'daemon off;' 'it'\\''s'\n",
    )
  })

  it('tells a program of the estate only of its own site', () => {
    const environment = estateEnvironment({ index: 0, site: 'toulouse', role: 'courses' }, 'secret')
    expect(environment).toMatchObject({
      SITE: 'toulouse',
      LISTEN_ADDRESS: '10.80.2.40',
      PGHOST: '10.80.2.10',
      AUTH_URL: 'http://10.80.2.30:8080',
      FILES_URL: 'http://10.80.2.20',
    })
  })
})

describe('a heap page', () => {
  it('gives the place of a text within one item only', () => {
    const page = Buffer.alloc(8192)
    page.write('elsewhere', 8000)
    page.write('answer', 8110)
    page.writeUInt32LE((40 << 17) | (1 << 15) | 7990, 24)
    page.writeUInt32LE((40 << 17) | (1 << 15) | 8100, 28)
    expect(findInItem(page, 2, 'answer')).toBe(8110)
    expect(findInItem(page, 1, 'answer')).toBeUndefined()
  })

  it('reads a ctid, and nothing else as one', () => {
    expect(parseRowPlace('(12,3)')).toEqual({ block: 12, item: 3 })
    expect(() => parseRowPlace('')).toThrow('not a ctid')
  })
})
