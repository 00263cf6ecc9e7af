import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { wireguardSpec } from '../../src/kinds/wireguard/spec.ts'

const example = `
interface: wg0
configFile: /etc/wireguard/wg0.conf
manager: {runit: wireguard}
port: 51820
endpointName: vpn.techcorp.test
source: {host: gateway, endpoint: 203.0.113.11}
target: {host: gateway, endpoint: 203.0.113.12}
identity: same
privateKey: file:/run/secrets/vpn-gateway
within: [10.80.6.0/24, 192.0.2.0/24, 198.51.100.0/24]
clients:
  trainer-name: {reaches: name}
  trainer-address: {reaches: address}
  trainer-restarter: {reaches: name, resolvesAgain: true}
profiles: {directory: /var/lib/vpn-profiles}
test:
  outside: tester
  address: 10.80.6.200/32
  privateKey: file:/run/secrets/vpn-tester
  name: dashboard.techcorp.test
  source: {url: http://192.0.2.1/summary, says: montpellier}
  target: {url: http://198.51.100.1/summary, says: toulouse}
`
const problems = (changes: object) =>
  wireguardSpec
    .safeParse({ ...parse(example), ...changes })
    .error?.issues.map(({ path, message }) => [path.join('.'), message]) ?? []

describe('what a plan says of a VPN', () => {
  it('is read whole, and few fields are needed', () => {
    expect(problems({})).toEqual([])
    const { interface: _i, configFile: _c, port: _p, profiles: _r, clients: _l, ...few } = parse(example)
    expect(wireguardSpec.parse(few)).toMatchObject({
      interface: 'wg0',
      configFile: '/etc/wireguard/wg0.conf',
      port: 51_820,
      clients: {},
    })
  })

  it.each([
    ['no key for the same identity', { privateKey: undefined }, 'privateKey', 'wireguard.spec.privateKey'],
    ['a key as it is', { privateKey: 'aGVsbG8=' }, 'privateKey', 'fields.secretReference'],
    ['two managers', { manager: { runit: 'a', systemd: 'b' } }, 'manager', 'fields.managed'],
    [
      'a name where an address must be',
      { source: { host: 'gateway', endpoint: 'a.b' } },
      'source.endpoint',
      'wireguard.spec.address',
    ],
    ['an interface that is a path', { interface: '../wg0' }, 'interface', 'wireguard.spec.interface'],
    ['a network without a length', { within: ['192.0.2.1'] }, 'within.0', 'wireguard.spec.network'],
    ['a relative path', { configFile: 'wg0.conf' }, 'configFile', 'wireguard.spec.absolute'],
  ])('refuses %s', (_what, changes, path, message) => {
    expect(problems(changes)).toContainEqual([path, message])
  })
})
