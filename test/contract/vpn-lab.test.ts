import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { execIn } from '../../lab/enter.ts'
import { peerLeftOut, tunnelRepaired, tunnelWrongKey } from '../../lab/faults/faults.ts'
import { type Lab, lowerLab, ownName, raiseLab } from '../../lab/lab.ts'
import { treeOf } from '../../lab/paths.ts'
import { addressOf, publicAddress } from '../../lab/topology.ts'
import { startTrainers } from '../../lab/trainers/start.ts'
import { trainers, vpnConfigFile, vpnName, vpnTester } from '../../lab/vpn/map.ts'
import { until } from '../helpers/until.ts'

const name = ownName('vpn-lab')
const describeAsRoot = describe.runIf(process.getuid?.() === 0)

describeAsRoot('the VPN of the lab', () => {
  let lab: Lab
  let inside: string
  beforeAll(async () => {
    lab = await raiseLab({ name, size: 'tiny', linkMbps: 200, parts: ['services', 'network'] })
    inside = addressOf(lab.index, 'montpellier', 'gateway')
  })
  afterAll(async () => {
    await lowerLab(name)
  })

  const at = async (host: string, script: string) =>
    (await execIn(lab, host, ['sh', '-euc', script])).stdout.trim()
  /** The status a machine gets there as `dashboard`; 000 for none. */
  const ask = (host: string, url: string, ...options: string[]) =>
    at(
      host,
      `curl -s -o /dev/null -m 3 -w '%{http_code}' -H 'Host: dashboard.techcorp.test' ${options.join(' ')} ${url} || :`,
    )
  const file = (host: string) => join(treeOf(lab.name, host), vpnConfigFile)

  it('takes each trainer to the dashboard at Montpellier, and nobody gets there without it', async () => {
    const running = await startTrainers(lab, { dashboardAddress: inside })
    await until(async () => {
      const summary = await running.summary()
      return Object.values(summary).every(({ reached, tried }) => reached >= 2 && tried >= 6)
    })
    const summary = await running.stop()
    expect(Object.keys(summary)).toEqual(trainers.map(({ role }) => role))
    for (const trainer of Object.values(summary)) {
      expect(trainer).toMatchObject({ failed: 0, leaks: 0 })
      expect(trainer.sites).toEqual({ montpellier: trainer.reached })
    }
  })

  it('is what a trainer’s requests go by: no tunnel, no dashboard', async () => {
    const host = 'internet-trainer-address'
    expect(await ask(host, `http://${inside}/summary`)).toBe('200')
    await at(host, 'sv -w 10 stop wireguard')
    expect(await ask(host, `http://${inside}/summary`)).toBe('000')
    await at(host, 'sv up wireguard')
    await until(async () => (await ask(host, `http://${inside}/summary`)) === '200')
  })

  it('is the only way: the gateway’s public side has no dashboard for a stranger, and its LAN no door', async () => {
    const host = 'internet-stranger'
    const { index } = lab
    const [lan] = [inside.replace(/\d+$/, '0/24')]
    await at(host, `ip route replace ${lan} via ${publicAddress(index, 'montpellier')}`)
    expect(await ask(host, `http://${publicAddress(index, 'montpellier')}/summary`)).toBe('404')
    expect(await ask(host, `http://${inside}/summary`)).toBe('000')
    expect(await ask(host, `http://${addressOf(index, 'montpellier', 'dashboard')}:8080/summary`)).toBe('000')
  })

  it('shows trainers the maintenance page, once for each connection, and the tester what is behind', async () => {
    const gateway = 'montpellier-gateway'
    const tester = vpnTester(lab.index)
    await at(gateway, `touch /etc/estate/maintenance/dashboard; ip address add ${tester}/32 dev lo`)
    try {
      const url = `http://${inside}/summary`
      const head = await at(
        'internet-trainer-name',
        `curl -s -D - -o /dev/null -H 'Host: dashboard.techcorp.test' ${url}`,
      )
      expect(head).toMatch(/^HTTP\/1.1 503 .*^Connection: close\r$.*^X-Site: montpellier\r$/ms)
      expect(await ask(gateway, url, '--interface', tester)).toBe('200')
      await at('montpellier-dashboard', 'sv -w 10 stop dashboard')
      const down = `curl -s -D - -o /dev/null --interface ${tester} -H 'Host: dashboard.techcorp.test' ${url}`
      expect(await at(gateway, down)).toMatch(/^HTTP\/1.1 502 .*^X-Site: montpellier$/ms)
    } finally {
      await at('montpellier-dashboard', 'sv up dashboard')
      await at(gateway, `rm /etc/estate/maintenance/dashboard; ip address del ${tester}/32 dev lo`)
    }
  })

  it('moves a trainer to where the name leads only if something looks the name up again', async () => {
    writeFileSync(file('toulouse-gateway'), readFileSync(file('montpellier-gateway')), { mode: 0o600 })
    await at('toulouse-gateway', 'sv up wireguard')
    const [from, to] = [publicAddress(lab.index, 'montpellier'), publicAddress(lab.index, 'toulouse')]
    const named = trainers.filter(({ dials }) => dials === 'name').map(({ role }) => `internet-${role}`)
    for (const host of named) await at(host, `sed -i 's/^${from} ${vpnName}$/${to} ${vpnName}/' /etc/hosts`)
    // While the old gateway still answers, a tunnel follows it back.
    await at('montpellier-gateway', 'sv -w 10 stop wireguard')
    const arrived = () => at('toulouse-gateway', `wg show wg0 latest-handshakes | awk '$2 > 0' | wc -l`)
    await until(async () => {
      // A tunnel notices that nobody answers only while something is sent.
      await Promise.all(trainers.map(({ role }) => ask(`internet-${role}`, `http://${inside}/`)))
      return (await arrived()) === '1'
    })
    const endpoint = (host: string) => at(host, 'wg show wg0 endpoints | cut -f 2')
    expect(await endpoint('internet-trainer-restarter')).toBe(`${to}:51820`)
    expect(await endpoint('internet-trainer-name')).toBe(`${from}:51820`)
    expect(await endpoint('internet-trainer-address')).toBe(`${from}:51820`)
  })

  it('can be made wrong at Toulouse, and right again to the byte', async () => {
    const right = readFileSync(file('toulouse-gateway'), 'utf8')
    const peers = () => at('toulouse-gateway', 'wg show wg0 peers | wc -l')
    const key = () => at('toulouse-gateway', 'wg show wg0 public-key')
    const ownKey = await key()
    await peerLeftOut(lab)
    expect(await peers()).toBe('2')
    await tunnelWrongKey(lab)
    expect(await peers()).toBe('3')
    expect(await key()).not.toBe(ownKey)
    await tunnelRepaired(lab)
    expect(await key()).toBe(ownKey)
    expect(readFileSync(file('toulouse-gateway'), 'utf8')).toBe(right)
  })
})
