import { kind } from '../../src/kinds/wireguard/index.ts'
import { publicKeyOf } from '../../src/kinds/wireguard/keys.ts'
import type { Plan } from '../../src/model/plan.ts'
import { recordingIo } from '../doubles/recording.ts'
import { onCommand, onWriteFile } from '../doubles/recording-answers.ts'
import { VpnTester, WireguardGateway } from '../doubles/wireguard-hosts.ts'
import { judgeKind } from '../helpers/kind-contract.ts'

const keyOf = (byte: number) => Buffer.alloc(32, byte).toString('base64')
const publicOf = (byte: number) => publicKeyOf(keyOf(byte), 'a test')
const secrets = { 'env:GATEWAY': keyOf(1), 'env:TESTER': keyOf(2), 'env:BERT': keyOf(3) }
const configFile = '/etc/wireguard/wg0.conf'
const config = `[Interface]
Address = 10.8.0.1/24
ListenPort = 51820
PrivateKey = ${keyOf(1)}

# anne
[Peer]
PublicKey = ${publicOf(4)}
AllowedIPs = 10.8.0.2/32

# bert
[Peer]
PublicKey = ${publicOf(5)}
PresharedKey = ${keyOf(3)}
AllowedIPs = 10.8.0.3/32
`
const endpoints = { source: '203.0.113.11', target: '203.0.113.12' }
const component = {
  ...{
    id: 'vpn',
    kind: 'wireguard',
    title: 'VPN',
    criticality: 'medium' as const,
    owner: 'network',
    needs: [],
  },
  spec: {
    manager: { runit: 'wireguard' },
    endpointName: 'vpn.techcorp.test',
    source: { host: 'gateway', endpoint: endpoints.source },
    target: { host: 'gateway', endpoint: endpoints.target },
    identity: 'same',
    privateKey: 'env:GATEWAY',
    within: ['10.8.0.0/24'],
    clients: { anne: { reaches: 'address' }, bert: { reaches: 'name', presharedKey: 'env:BERT' } },
    profiles: { directory: '/root/profiles' },
    test: {
      outside: 'tester',
      address: '10.8.0.200/32',
      privateKey: 'env:TESTER',
      source: { url: 'http://10.80.1.1/', says: 'montpellier' },
      target: { url: 'http://10.80.2.1/', says: 'toulouse' },
    },
  },
}
const host = (ssh: string) => ({ ssh, address: `${ssh}.test`, become: 'runuser' as const })
const plan = {
  name: 'techcorp',
  sites: {
    source: { id: 'montpellier', title: 'Montpellier', hosts: { gateway: host('montpellier-gateway') } },
    target: { id: 'toulouse', title: 'Toulouse', hosts: { gateway: host('toulouse-gateway') } },
  },
  outside: { tester: host('tester') },
  components: { vpn: component },
} as unknown as Plan

type Hosts = { source: WireguardGateway; target: WireguardGateway; tester: VpnTester }

function opened(change: (hosts: Hosts) => void = () => {}) {
  const source = new WireguardGateway(configFile, config)
  const target = new WireguardGateway(configFile)
  source.start()
  const tester = new VpnTester({ 'vpn.techcorp.test': endpoints.target })
  change({ source, target, tester })
  const at = (where: string) => (where.startsWith('montpellier') ? source : target)
  const io = recordingIo({
    secrets,
    answers: [
      onWriteFile('gateway', ({ where, path, content }) => at(where).write(path, content) as undefined),
      onCommand('gateway: ', ({ where, argv, options }) => at(where).run(argv, String(options.input ?? ''))),
      onCommand('tester: ', ({ argv }) => tester.run(argv)),
    ],
  })
  return { io, state: () => structuredClone([source.state(), target.state(), tester.state()]) }
}

judgeKind(kind, {
  plan,
  component,
  open: () => opened(),
  alwaysAnew: {
    try: 'its worth is in having just been done',
    prove: 'its worth is in having just been done',
    retire: 'what is gone is taken away without harm',
  },
  amiss: {
    'no gateway has a configuration': () => opened(({ source }) => source.files.delete(configFile)),
    'the source is down': () => opened(({ source }) => source.stop()),
    'the target’s gateway does not come up': () => opened(({ target }) => target.fail('start')),
    'the target has a VPN of its own': () =>
      opened(({ target }) => void target.files.set(configFile, config.replace('anne', 'carl'))),
    'the test client’s address is anne’s': () =>
      opened(({ source }) => void source.files.set(configFile, config.replace('10.8.0.2', '10.8.0.200'))),
    'a preshared key is unknown, and hooks are there': () =>
      opened(
        ({ source }) =>
          void source.files.set(
            configFile,
            config
              .replace('# bert', '# dora')
              .replace('ListenPort = 51820', 'ListenPort = 51821\nPostUp = true\nSaveConfig = true'),
          ),
      ),
    'the source has another key': () =>
      opened(({ source }) => void source.files.set(configFile, config.replace(keyOf(1), keyOf(7)))),
    'the folder of the profiles is somebody else’s': () =>
      opened(({ target }) => target.write('/root/profiles/vpn/mine', 'mine')),
    'somebody else writes at the same time': () => opened(({ target }) => target.fail('write')),
    'the tunnel leads elsewhere': () =>
      opened(({ tester }) => tester.resolve(endpoints.target, endpoints.source)),
    'the dashboard does not answer, and the tester lacks curl': () =>
      opened(({ tester }) => tester.fail('silent')),
    'the dashboard is open to everybody': () => opened(({ tester }) => tester.fail('open')),
  },
})
