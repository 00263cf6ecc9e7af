import { execa } from 'execa'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { linkDown, linkRate, linkUp } from '../../lab/faults/faults.ts'
import { execIn, type Lab, lowerLab, ownName, raiseLab } from '../../lab/lab.ts'
import { describeLab } from '../helpers/lab-needs.ts'
import { measureMbps } from '../helpers/measured-rate.ts'

const name = ownName('hosts')

describeLab('the hosts of a lab', () => {
  let lab: Lab
  const ssh = (host: string, ...argv: string[]) => execa('ssh', ['-F', lab.sshConfigFile, host, ...argv])

  beforeAll(async () => {
    lab = await raiseLab({ name, size: 'tiny', linkMbps: 200, parts: ['files', 'dns'] })
  })
  afterAll(async () => {
    await lowerLab(name)
  })

  it('each answer ssh under their own name and with their own key', async () => {
    const names = Object.keys(lab.hosts)
    const answers = await Promise.all(
      names.map(
        async host => (await ssh(host, 'hostname; cut -d" " -f2 /etc/ssh/ssh_host_ed25519_key.pub')).stdout,
      ),
    )
    const [hostNames, keys] = [0, 1].map(line => answers.map(answer => answer.split('\n')[line]))
    expect(hostNames).toEqual(names)
    expect(new Set(keys).size).toBe(names.length)
  })

  it('are refused when they show another host’s key', async () => {
    const { address } = lab.hosts['toulouse-files'] ?? expect.fail()
    const impostor = execa('ssh', [
      ...['-F', lab.sshConfigFile, '-o', `HostName=${address}`, '-o', 'HostKeyAlias=montpellier-files'],
      ...['montpellier-files', 'true'],
    ])
    await expect(impostor).rejects.toMatchObject({
      stderr: expect.stringContaining('Host key verification failed'),
    })
  })

  it('see their own processes, files and name, and not the machine’s', async () => {
    const seen = await ssh('montpellier-files', 'cat /proc/1/comm; ls /var/lib; ls /srv/files | head -1')
    expect(seen.stdout).toMatch(/^tini\n/)
    expect(seen.stdout).not.toContain('bascule-lab')
    expect((await ssh('toulouse-files', 'ls /srv/files')).stdout).toBe('')
  })

  it('that hold files reach their like at the other site, both ways', async () => {
    for (const [from, to] of [
      ['montpellier-files', 'toulouse-files'],
      ['toulouse-files', 'montpellier-files'],
    ] as const)
      expect((await ssh(from, `ssh ${lab.hosts[to]?.address} hostname`)).stdout).toBe(to)
  })

  it('of the Internet reach the front doors and nothing behind', async () => {
    const reach = (address: string) =>
      execIn(lab, 'internet-users', ['fping', '-q', '-t', '200', '-r', '1', address], { allowFailure: true })
    expect((await reach(`${lab.prefix}.4.11`)).exitCode).toBe(0)
    expect((await reach(`${lab.prefix}.4.12`)).exitCode).toBe(0)
    expect((await reach(`${lab.prefix}.1.20`)).exitCode).not.toBe(0)
  })

  const linkRateNow = () => measureMbps(lab, 'montpellier-gateway', `${lab.prefix}.2.1`)

  it('are joined by a link of 200 Mbit/s, whose rate can be changed', async () => {
    const full = await linkRateNow()
    expect(full).toBeGreaterThan(150)
    expect(full).toBeLessThan(215)
    await linkRate(lab, 20)
    expect(await linkRateNow()).toBeLessThan(25)
    await linkRate(lab, 200)
  })

  it('lose the link and find it again', async () => {
    const across = () =>
      execIn(lab, 'montpellier-files', ['fping', '-q', '-t', '300', '-r', '2', `${lab.prefix}.2.20`], {
        allowFailure: true,
      })
    expect((await across()).exitCode).toBe(0)
    await linkDown(lab)
    expect((await across()).exitCode).not.toBe(0)
    expect((await ssh('toulouse-files', 'true')).exitCode).toBe(0)
    await linkUp(lab)
    expect((await across()).exitCode).toBe(0)
  })
})
