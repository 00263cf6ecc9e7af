import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { serviceStarts, serviceWontStart } from '../../lab/faults/faults.ts'
import { execIn, type Lab, lowerLab, ownName, raiseLab } from '../../lab/lab.ts'
import { withoutMachines } from '../../lab/topology.ts'
import { describeLab } from '../helpers/lab-needs.ts'

const name = ownName('estate')

describeLab('the whole lab', () => {
  let lab: Lab
  const ssh = (host: string, ...argv: string[]) => execa('ssh', ['-F', lab.sshConfigFile, host, ...argv])
  const asUser = async (...argv: string[]) => (await execIn(lab, 'internet-users', argv)).stdout
  const curl = ['curl', '--silent', '--include', '--max-time', '10']
  /** Status and headers of a page, fetched as a user of the Internet does. */
  const fetchAsUser = (url: string, ...options: string[]) => asUser(...curl, ...options, url)
  /** The same from where Bascule sits. */
  const asOperations = async (url: string, ...options: string[]) =>
    (await execa('curl', [...curl.slice(1), ...options, url])).stdout

  beforeAll(async () => {
    lab = await raiseLab({ name, size: 'tiny', linkMbps: 200, parts: withoutMachines, initialTtlSeconds: 2 })
  })
  afterAll(async () => {
    await lowerLab(name)
  })

  it('serves its users by name from Montpellier', async () => {
    for (const service of ['auth', 'courses', 'files']) {
      const answer = await fetchAsUser(`http://${service}.techcorp.test/health`)
      expect(answer).toMatch(/^HTTP\/1.1 200/)
      expect(answer).toMatch(/^X-Site: montpellier/im)
    }
  })

  it('has no door for the dashboard but the one inside', async () => {
    const asDashboard = ['--header', 'Host: dashboard.techcorp.test']
    const outside = await fetchAsUser(`http://${lab.prefix}.4.11/health`, ...asDashboard)
    expect(outside).toMatch(/^HTTP\/1.1 404/)
    const inside = await asOperations(`http://${lab.prefix}.1.1/health`, ...asDashboard)
    expect(inside).toMatch(/^HTTP\/1.1 200/)
    expect(inside).toMatch(/^X-Site: montpellier/im)
  })

  it('gives parts of a file, with its type', async () => {
    const video = (await ssh('montpellier-files', "cd /srv/files && find . -name '*.mp4' | sort | head -1"))
      .stdout
    const url = `http://files.techcorp.test/${encodeURI(video.slice(2))}`
    const answer = await fetchAsUser(url, '--range', '0-9', '--output', '/dev/null', '--dump-header', '-')
    expect(answer).toMatch(/^HTTP\/1.1 206/)
    expect(answer).toMatch(/^Content-Type: video\/mp4/im)
    expect(answer).toMatch(/^Content-Range: bytes 0-9\//im)
  })

  it('has everything installed at Toulouse, down, behind its maintenance pages', async () => {
    for (const service of ['auth', 'courses', 'dashboard', 'media']) {
      const host = service === 'media' ? 'toulouse-files' : `toulouse-${service}`
      expect((await ssh(host, 'sv', 'status', service)).stdout).toMatch(/^down: /)
      const site = service === 'media' ? 'files' : service
      const [fetch, door] = service === 'dashboard' ? [asOperations, '2.1'] : [fetchAsUser, '4.12']
      const answer = await fetch(`http://${lab.prefix}.${door}/`, '--header', `Host: ${site}.techcorp.test`)
      expect(answer).toMatch(/^HTTP\/1.1 503/)
      expect(answer).toMatch(/^Retry-After: \d+/im)
      expect(answer).toMatch(/^X-Maintenance: 1/im)
    }
  })

  it('shows a maintenance page while the flag is there, to a browser as a page', async () => {
    const flag = '/etc/estate/maintenance/courses'
    const url = 'http://courses.techcorp.test/health'
    await ssh('montpellier-gateway', 'touch', flag)
    expect(await fetchAsUser(url)).toMatch(/^HTTP\/1.1 503[\s\S]*"maintenance":true/)
    expect(await fetchAsUser(url, '--header', 'Accept: text/html', '--data', 'x=1')).toMatch(
      /^HTTP\/1.1 503[\s\S]*<h1>/,
    )
    expect(await fetchAsUser('http://auth.techcorp.test/health')).toMatch(/^HTTP\/1.1 200/)
    await ssh('montpellier-gateway', 'rm', flag)
    expect(await fetchAsUser(url)).toMatch(/^HTTP\/1.1 200/)
  })

  const update = (key: string[]) =>
    execa('nsupdate', key, {
      input: `server ${lab.prefix}.4.54\nzone techcorp.test\nupdate add probe.techcorp.test 2 A 192.0.2.1\nsend\n`,
      reject: false,
    })

  it('lets the holder of the key change the zone, and nobody else', async () => {
    const resolved = () => asUser('dig', '+short', `@${lab.prefix}.4.53`, 'probe.techcorp.test')
    expect((await update([])).stderr).toMatch(/update failed: (NOTAUTH|REFUSED)/)
    expect(await resolved()).toBe('')
    const { stdout: secret } = await execa('cat', [join(lab.secretsDirectory, 'tsig')])
    expect((await update(['-y', `hmac-sha256:bascule:${secret}`])).exitCode).toBe(0)
    // The resolver keeps its "no such name" for the zone's negative TTL, two seconds here.
    await expect.poll(resolved, { interval: 250 }).toBe('192.0.2.1')
  })

  it('keeps an answer in the resolver for the record’s TTL', async () => {
    const ask = (server: number) =>
      asUser('dig', '+noall', '+answer', `@${lab.prefix}.4.${server}`, 'auth.techcorp.test')
    expect(await ask(54)).toMatch(new RegExp(`\\s2\\s+IN\\s+A\\s+${lab.prefix}.4.11$`))
    expect(await ask(53)).toMatch(new RegExp(`\\s[012]\\s+IN\\s+A\\s+${lab.prefix}.4.11$`))
  })

  it('can have a service of Toulouse that will not start, and heal it', async () => {
    const said = async () => (await ssh('toulouse-auth', 'cat /var/log/auth/current')).stdout
    await serviceWontStart(lab)
    await ssh('toulouse-auth', 'sv', 'up', 'auth')
    await expect.poll(said, { interval: 200 }).toContain('PGPORT is not a port')
    expect(await said()).not.toContain('listening')
    await serviceStarts(lab)
    await expect.poll(said, { interval: 200 }).toContain('listening')
    await ssh('toulouse-auth', 'sv', 'down', 'auth')
  })

  it('writes where it is for the plan', async () => {
    expect(existsSync(lab.overlayFile)).toBe(true)
    const { stdout } = await execa('stat', ['-c', '%a', lab.directory, lab.secretsDirectory])
    expect(stdout).toBe('700\n700')
  })
})
