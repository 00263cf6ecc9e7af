import { once } from 'node:events'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  firewallOneTooMany,
  firewallRestored,
  firewallRuleLeftOut,
  linkDown,
  linkUp,
  mainLineDown,
  mainLineUp,
} from '../../lab/faults/faults.ts'
import { execIn, type Lab, lowerLab, ownName, raiseLab } from '../../lab/lab.ts'
import { addressOf, backupAddress, officeGateway, publicAddress } from '../../lab/topology.ts'
import { describeLab } from '../helpers/lab-needs.ts'
import { noTraces, tracesOf, worldsOf } from '../helpers/lab-traces.ts'
import { measureMbps } from '../helpers/measured-rate.ts'

const name = ownName('lab-network')

describeLab('a lab’s network', () => {
  let lab: Lab
  const at = (role: string, site: 'montpellier' | 'toulouse' = 'montpellier') =>
    addressOf(lab.index, site, role)
  const door = (site: 'montpellier' | 'toulouse') => publicAddress(lab.index, site)

  /** What a host of the lab finds when it opens a connection. */
  const reach = async (
    from: string,
    address: string,
    port: number,
  ): Promise<'open' | 'refused' | 'closed'> => {
    const script = 'exec 3<>"/dev/tcp/$0/$1"'
    const argv = ['timeout', '2', 'bash', '-c', script, address, String(port)]
    const { exitCode, stderr } = await execIn(lab, from, argv, { allowFailure: true })
    return exitCode === 0 ? 'open' : /refused/.test(stderr) ? 'refused' : 'closed'
  }
  const ways = (from: string, ways: Record<string, [string, number]>) =>
    Promise.all(
      Object.entries(ways).map(async ([what, [address, port]]) => [what, await reach(from, address, port)]),
    ).then(Object.fromEntries)
  const ssh = (host: string, ...argv: string[]) =>
    execa('ssh', ['-F', lab.sshConfigFile, host, ...argv], { timeout: 200_000 })

  beforeAll(async () => {
    lab = await raiseLab({ name, size: 'tiny', linkMbps: 200, parts: ['files', 'network'] })
  })
  afterAll(async () => {
    await lowerLab(name)
  })

  describe('with its doors', () => {
    it('lets a stranger who knows the way see no more of Montpellier than its public address', async () => {
      expect(
        await ways('internet-stranger', {
          site: [door('montpellier'), 80],
          'ssh of the public address': [door('montpellier'), 22],
          'the door inside': [at('gateway'), 80],
          'ssh of the gateway': [at('gateway'), 22],
          'ssh of a server': [at('files'), 22],
          'files of a server': [at('files'), 80],
          'a PC of the office': [at('office'), 22],
        }),
      ).toEqual({
        site: 'open',
        'ssh of the public address': 'closed',
        'the door inside': 'closed',
        'ssh of the gateway': 'closed',
        'ssh of a server': 'closed',
        'files of a server': 'closed',
        'a PC of the office': 'closed',
      })
    })

    it('lets him in at Toulouse, as delivered: nobody has closed anything there yet', async () => {
      expect(
        await ways('internet-stranger', {
          'ssh of a server': [at('files', 'toulouse'), 22],
          'the door inside': [at('gateway', 'toulouse'), 80],
        }),
      ).toEqual({ 'ssh of a server': 'open', 'the door inside': 'open' })
    })

    it('has an office that sees the site as the world does; Toulouse’s is not connected yet', async () => {
      expect(
        await ways('montpellier-office', {
          site: [door('montpellier'), 80],
          'its gateway': [officeGateway(lab.index, 'montpellier'), 80],
          server: [at('files'), 22],
        }),
      ).toEqual({ site: 'open', 'its gateway': 'closed', server: 'closed' })
      expect((await ssh('montpellier-office', 'hostname')).stdout).toBe('montpellier-office')
      const toulouse = officeGateway(lab.index, 'toulouse')
      const seen = await execIn(lab, 'toulouse-office', ['fping', '-t', '200', '-r', '1', toulouse], {
        allowFailure: true,
      })
      expect(seen.exitCode).not.toBe(0)
      const bridges = await execIn(lab, 'toulouse-gateway', [
        'ip',
        '-brief',
        'link',
        'show',
        'type',
        'bridge',
      ])
      expect(bridges.stdout).toMatch(/^lan /)
      expect(bridges.stdout).not.toContain('office')
    })

    it('lets servers of both sites talk, in what their data goes by', async () => {
      for (const [from, to] of [
        ['montpellier', 'toulouse'],
        ['toulouse', 'montpellier'],
      ] as const) {
        const answer = await ssh(`${from}-files`, `ssh ${at('files', to)} hostname`)
        expect(answer.stdout).toBe(`${to}-files`)
      }
      expect(await reach('toulouse-files', at('gateway'), 22)).toBe('open')
      expect(await reach('toulouse-files', at('files'), 8080)).toBe('closed')
    })

    it('can have a rule left out, or one too many, and its own back as they were', async () => {
      const ruleset = async () =>
        (await execIn(lab, 'montpellier-gateway', ['nft', '-s', 'list', 'ruleset'])).stdout
      const before = await ruleset()
      expect(await firewallRuleLeftOut(lab, 'montpellier')).toContain('tcp dport 80')
      expect(await reach('internet-stranger', door('montpellier'), 80)).toBe('closed')
      await firewallOneTooMany(lab, 'montpellier', 'tcp dport 22 accept')
      expect(await reach('internet-stranger', at('files'), 22)).toBe('open')
      for (const _ of ['once', 'twice']) await firewallRestored(lab, 'montpellier')
      expect(await ruleset()).toBe(before)
      expect(await reach('internet-stranger', at('files'), 22)).toBe('closed')
      await expect(firewallOneTooMany(lab, 'toulouse')).rejects.toThrow('passes everything on')
    })
  })

  describe('with its two lines', () => {
    it('has one of 200 Mbit/s to the other site and one of 20 Mbit/s to the Internet, both ways', async () => {
      const main = await measureMbps(lab, 'montpellier-gateway', at('gateway', 'toulouse'))
      expect(main).toBeGreaterThan(150)
      expect(main).toBeLessThan(215)
      for (const direction of [[], ['--reverse']]) {
        const backup = await measureMbps(lab, 'internet-tester', backupAddress(lab.index), ...direction)
        expect(backup).toBeGreaterThan(14)
        expect(backup).toBeLessThan(22)
      }
    })

    it('keeps Toulouse within reach when its main line is lost, and forgets nothing of it after', async () => {
      const before = await routes()
      // A connection that was there before goes on: it lives as long as its input is open.
      const session = execa('ssh', ['-F', lab.sshConfigFile, 'toulouse-files', 'cat'], { timeout: 200_000 })
      session.stdin.write('before\n')
      await once(session.stdout, 'data')
      await mainLineDown(lab)
      expect((await ssh('toulouse-gateway', 'hostname')).stdout).toBe('toulouse-gateway')
      expect((await ssh('montpellier-files', `ssh ${at('files', 'toulouse')} hostname`)).stdout).toBe(
        'toulouse-files',
      )
      expect((await ssh('toulouse-files', `ssh ${at('files')} hostname`)).stdout).toBe('montpellier-files')
      for (const address of [door('toulouse'), backupAddress(lab.index)])
        expect(await reach('internet-trainer-name', address, 80)).toBe('open')
      expect(await measureMbps(lab, 'montpellier-gateway', at('gateway', 'toulouse'))).toBeLessThan(22)
      session.stdin.write('while\n')
      await mainLineUp(lab)
      session.stdin.end('after\n')
      expect((await session).stdout).toBe('before\nwhile\nafter')
      expect(await routes()).toEqual(before)
      expect(await measureMbps(lab, 'montpellier-gateway', at('gateway', 'toulouse'))).toBeGreaterThan(150)
      await mainLineUp(lab)
      expect(await routes()).toEqual(before)
    })

    it('has no way left between the servers of both sites when the link itself is cut', async () => {
      const before = await routes()
      await linkDown(lab)
      expect(await reach('montpellier-files', at('files', 'toulouse'), 22)).toBe('closed')
      expect((await ssh('toulouse-files', 'true')).exitCode).toBe(0)
      await linkUp(lab)
      expect(await reach('montpellier-files', at('files', 'toulouse'), 22)).toBe('open')
      expect(await routes()).toEqual(before)
    })
  })

  it('goes with the lab, tunnels and what was left in namespaces of its hosts too', async () => {
    await execIn(lab, 'internet-tester', ['ip', 'netns', 'add', 'inside'])
    await ssh('internet-tester', 'ip netns exec inside sleep 600 >/dev/null 2>&1 </dev/null &')
    const running = await ssh('montpellier-gateway', 'pgrep --exact wireguard-go')
    expect(running.stdout).not.toBe('')
    const worlds = worldsOf(lab.index)
    expect(await lowerLab(name)).toBe(true)
    expect(await tracesOf(name, lab.index, worlds)).toEqual(noTraces)
  })

  /** Of everyone who has to know another way when a line is lost. */
  async function routes(): Promise<Record<string, string[]>> {
    const hosts = ['montpellier-gateway', 'toulouse-gateway', 'internet-tester', 'internet-stranger']
    const own = await execa('ip', ['route', 'show', 'dev', `bl${lab.index}-ops`])
    const theirs = await Promise.all(
      hosts.map(async host => [host, (await execIn(lab, host, ['ip', 'route'])).stdout.split('\n').sort()]),
    )
    return { ops: own.stdout.split('\n').sort(), ...Object.fromEntries(theirs) }
  }
})
