import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { gatewayConfig } from '../../lab/edge/gateway.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

/** The addresses a virtual host listens on. */
function doorsOf(configuration: string, name: string): string[] {
  const server = configuration.split('  server {').find(one => one.includes(`server_name ${name}.techcorp`))
  return [...(server ?? '').matchAll(/listen (\S+);/g)].map(match => match[1] ?? '')
}

describe('the front door of a site', () => {
  it('has every service on all its addresses, where there is no network to speak of', () => {
    const configuration = gatewayConfig(2, 'toulouse', false)
    for (const name of ['auth', 'courses', 'files', 'dashboard'])
      expect(doorsOf(configuration, name)).toEqual(['80'])
    expect(configuration).toContain('proxy_pass http://10.82.2.50:8080;')
    expect(configuration).toContain('server_name courses.techcorp.test www.techcorp.test;')
  })

  it('shows the dashboard inside only, and the rest inside too', () => {
    const configuration = gatewayConfig(2, 'toulouse', true)
    expect(doorsOf(configuration, 'dashboard')).toEqual(['10.82.2.1:80'])
    expect(doorsOf(configuration, 'courses')).toEqual(['80', '10.82.2.1:80'])
  })

  it('lets testers behind the page of the dashboard alone', () => {
    const configuration = gatewayConfig(0, 'montpellier', true)
    expect(configuration).toContain('10.80.6.200 /nonexistent;')
    expect(configuration).toContain('if (-f $flags/dashboard)')
    expect(configuration).toContain('if (-f /etc/estate/maintenance/courses)')
  })

  it('is what nginx understands', () => {
    const directory = temporaryFolder('estate-edge')
    for (const hasNetwork of [true, false]) {
      const file = join(directory, 'nginx.conf')
      // Addresses and directories of a host of the lab: only what the file says is tried here.
      const text = gatewayConfig(0, 'montpellier', hasNetwork)
        .replaceAll('10.80.1.1:80', '127.0.0.1:8099')
        .replaceAll(/listen 80/g, 'listen 127.0.0.1:8098')
        .replaceAll(/\/(run|var\/log)\/nginx/g, directory)
      writeFileSync(file, text)
      expect(() => execFileSync('/usr/sbin/nginx', ['-t', '-q', '-c', file], { stdio: 'pipe' })).not.toThrow()
    }
  })
})
