import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { publicKeyOf } from '../../src/kinds/wireguard/keys.ts'
import type { TwoSites } from '../helpers/two-sites.ts'
import {
  configFile,
  gateways,
  raiseVpn,
  stateOf,
  trainerNames,
  type VpnSites,
} from '../helpers/wireguard-sites.ts'

let sites: VpnSites
const testAsRoot = test.runIf(process.getuid?.() === 0)

beforeAll(async () => {
  if (process.getuid?.() === 0) sites = await raiseVpn('vpn')
})
afterAll(async () => {
  await sites?.close()
})

const both = (of: TwoSites = sites) => Promise.all(gateways.map(host => stateOf(of, host)))
const secretOf = (name: string) => readFileSync(join(sites.lab.secretsDirectory, name), 'utf8').trim()
const file = (host: string) => sites.at(host, `cat ${configFile}`)
const undoAll = async (of: TwoSites, names: string[]) => {
  for (const name of [...names].reverse()) await of.undo('preparation', name)
}
const prepared = ['prepare-target', 'profiles', 'test-client']

testAsRoot('the audit reads peers, addresses and handshakes, no key, and changes nothing', async () => {
  await sites.audit()
  const facts = sites.facts.vpn ?? {}
  expect(facts['source.port']?.value).toBe(51_820)
  expect(facts['source.peers']?.value).toMatchObject(
    trainerNames.map((name, at) => ({
      name,
      allowed: [`${sites.lab.prefix}.6.${31 + at}/32`],
      endpoint: expect.stringMatching(new RegExp(`^${sites.lab.prefix}.4.${31 + at}:\\d+$`)),
      secondsSinceHandshake: expect.any(Number),
    })),
  )
  expect(facts['target.configSha256']?.value).toBe('absent')
  expect(facts['plan.identity']?.value).toBe(facts['source.identity']?.value)
  const said = JSON.stringify(facts)
  expect(said).not.toMatch(/[A-Za-z0-9+/]{43}=/)
  const found = sites.findings().map(({ id, level }) => [id, level])
  expect(found).toEqual([
    ['vpn.source-listens', 'ok'],
    ['vpn.clients-by-unknown', 'warn'],
  ])
})

testAsRoot('what is wrong at the source is found and named', async () => {
  // nobody's key, though that of the tester may begin with an A
  const stranger = publicKeyOf(secretOf('vpn-tester'), 'test').replace(/^./, first =>
    first === 'A' ? 'B' : 'A',
  )
  await sites.at('montpellier-gateway', `chmod 0644 ${configFile}; wg set wg0 peer ${stranger}`)
  const other = sites.planned({ port: 51_821, privateKey: `file:${sites.lab.secretsDirectory}/vpn-tester` })
  await other.audit()
  await sites.at('montpellier-gateway', `chmod 0600 ${configFile}; wg set wg0 peer ${stranger} remove`)
  const found = sites.findings(other).filter(({ level }) => level !== 'ok')
  expect(found.map(({ id }) => id)).toEqual([
    'vpn.source-port',
    'vpn.peers-in-memory-only',
    'vpn.other-key',
    'vpn.config-open',
    'vpn.clients-by-unknown',
  ])
})

testAsRoot('prepare, undo, prepare: byte for byte; the source’s file is copied whole', async () => {
  const before = await both()
  const original = await file('montpellier-gateway')
  await sites.apply('preparation', 'prepare-target')
  expect(await file('toulouse-gateway')).toBe(original)
  expect(await sites.at('toulouse-gateway', `stat -c %a ${configFile}; wg show wg0 peers`)).toBe('600\n')
  await sites.apply('preparation', 'profiles')
  await sites.apply('preparation', 'test-client')
  const after = await both()
  expect(await file('montpellier-gateway')).toContain(original)
  await undoAll(sites, prepared)
  expect(await both()).toEqual(before)
  expect(await sites.at('internet-tester', 'ip netns list; pgrep -x wireguard-go || true')).toBe('')
  for (const name of prepared) await sites.apply('preparation', name)
  expect(await both()).toEqual(after)
  for (const name of prepared) await sites.apply('preparation', name)
  expect(await both()).toEqual(after)
  expect(JSON.stringify(sites.results)).not.toMatch(/[A-Za-z0-9+/]{43}=/)
})

testAsRoot('T4: through the tunnel the front door answers, and without it it must not', async () => {
  await sites.at('toulouse-gateway', 'rm /etc/estate/maintenance/dashboard')
  const open = await sites.measure('tunnelFailures')
  expect(open).toMatchObject({
    value: 1,
    detail: [{ key: 'wireguard.measured.without', values: { seen: '200 (toulouse)' } }],
  })
  await sites.closeToulouse()
  const passed = await sites.measure('tunnelFailures')
  expect(passed).toMatchObject({
    value: 0,
    figures: {
      leadsTo: `${sites.lab.prefix}.4.12:51820`,
      proofs: [{ what: 'through', seen: '200 (toulouse)' }, {}, {}],
    },
  })
  expect(await sites.measure('dashboardFailures')).toMatchObject({ value: 0 })
  expect(await sites.measure('tunnelFailuresAtSource')).toMatchObject({ value: 0 })
  await sites.at('toulouse-dashboard', 'sv stop dashboard')
  expect(await sites.measure('tunnelFailures')).toMatchObject({ value: 0 })
  expect(await sites.measure('dashboardFailures')).toMatchObject({
    value: 1,
    detail: [{ key: 'wireguard.measured.through', values: { seen: '502 (toulouse)' } }],
  })
  await sites.at('toulouse-dashboard', 'sv start dashboard')
})

testAsRoot('T4 fails when the peer is missing, and says so when there is no tunnel to try', async () => {
  const key = publicKeyOf(secretOf('vpn-tester'), 'test')
  await sites.at('toulouse-gateway', `wg set wg0 peer ${key} remove`)
  const missing = await sites.measure('tunnelFailures')
  expect(missing).toMatchObject({
    value: 1,
    detail: [{ key: 'wireguard.measured.through', values: { seen: expect.stringMatching(/^\(28\)/) } }],
  })
  await sites.undo('preparation', 'test-client')
  expect(await sites.measure('tunnelFailures')).toMatchObject({ value: 1, unverified: true })
})

testAsRoot(
  'profiles lack nothing but the client’s key; the restarter asks again after a silence',
  async () => {
    const folder = '/var/lib/vpn-profiles/vpn'
    const names = (await sites.at('toulouse-gateway', `ls ${folder}`)).trim().split('\n')
    expect(names).toHaveLength(trainerNames.length + 4)
    const name = names.find(one => one.startsWith('trainer-name.'))
    const profile = await sites.at('toulouse-gateway', `cat ${folder}/${name}`)
    const identity = await sites.at('montpellier-gateway', 'wg show wg0 public-key')
    expect(profile).toContain(`PublicKey = ${identity.trim()}\n`)
    expect(profile).toContain('Endpoint = vpn.techcorp.test:51820\n')
    expect(profile).not.toContain(secretOf('vpn-gateway'))
    const script = await sites.at('toulouse-gateway', `cat ${folder}/wireguard-resolve-again`)
    const elsewhere = `${sites.lab.prefix}.4.12:51820`
    const ask = (silent: number) =>
      sites.at(
        'internet-trainer-name',
        `cat >/tmp/again; sh /tmp/again wg0 ${identity.trim()} ${elsewhere} ${silent}; wg show wg0 endpoints`,
        script,
      )
    expect(await ask(3600)).toContain(`${sites.lab.prefix}.4.11:51820`)
    expect(await ask(0)).toContain(elsewhere)
    await sites.at('internet-trainer-name', 'sv restart wireguard')
    await undoAll(sites, ['prepare-target', 'profiles'])
  },
)

testAsRoot(
  'a new identity is made at the target, is kept by a second attempt, and leaves with the undo',
  async () => {
    const fresh = sites.planned({ identity: 'new' })
    const before = await both()
    const original = await file('montpellier-gateway')
    await fresh.apply('preparation', 'prepare-target')
    const [own, there] = [secretOf('vpn-gateway'), await file('toulouse-gateway')]
    expect(there).not.toContain(own)
    expect(there.replace(/PrivateKey = .*/, '')).toBe(original.replace(/PrivateKey = .*/, ''))
    await fresh.apply('preparation', 'prepare-target')
    expect(await file('toulouse-gateway')).toBe(there)
    await fresh.apply('preparation', 'profiles')
    const profile = await sites.at('toulouse-gateway', 'cat /var/lib/vpn-profiles/vpn/trainer-address.*')
    const made = /PrivateKey = (\S+)/.exec(there)?.[1] ?? ''
    expect(profile).toContain(`PublicKey = ${publicKeyOf(made, 'target')}\n`)
    await undoAll(fresh, ['prepare-target', 'profiles'])
    expect(await both()).toEqual(before)
  },
)
