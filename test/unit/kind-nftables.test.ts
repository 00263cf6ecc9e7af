import { kind } from '../../src/kinds/nftables/index.ts'
import { isDeclared } from '../../src/kinds/nftables/matrix/expected.ts'
import { targetsOf } from '../../src/kinds/nftables/matrix/targets.ts'
import { vantagesOf } from '../../src/kinds/nftables/matrix/vantages.ts'
import { nftablesSpec } from '../../src/kinds/nftables/spec.ts'
import type { JsonObject } from '../../src/model/json.ts'
import { NftablesGateway } from '../doubles/nftables-gateway.ts'
import { recordingIo } from '../doubles/recording.ts'
import { onCommand, onWriteFile } from '../doubles/recording-answers.ts'
import { judgeKind } from '../helpers/kind-contract.ts'
import { component as componentWith, plan } from '../helpers/nftables-world.ts'

const zone = (interfaces: string[], networks: string[], vantage: JsonObject | 'here') => ({
  interfaces,
  networks,
  vantage,
})
// Few zones and ports: every world looks twice from everywhere.
const component = componentWith({
  zones: {
    internet: {
      source: zone(['wan'], [], { outside: 'stranger' }),
      target: zone(['wan'], [], { outside: 'stranger' }),
    },
    operations: {
      source: zone(['wan'], ['10.80.4.99/32'], 'here'),
      target: zone(['wan'], ['10.80.4.99/32'], 'here'),
    },
    servers: {
      source: zone(['lan'], ['10.80.1.0/24'], { host: 'files' }),
      target: zone(['lan'], ['10.80.2.0/24'], { host: 'files' }),
    },
  },
  gatewayAddresses: { public: { source: ['10.80.4.11'], target: ['10.80.4.12'] } },
  allow: [
    { from: 'internet', to: 'gateway.public', tcp: [80] },
    { from: 'operations', to: ['gateway', 'servers'], tcp: [22] },
    { from: 'servers', to: 'gateway', tcp: [80], icmp: true },
  ],
  probes: { tcp: [3389] },
  vlans: [
    { name: 'office', target: { bridge: 'office', ports: ['h70'], address: '10.80.12.1/24' } },
    {
      name: 'guests',
      target: { bridge: 'trunk', ports: ['p1'], address: '10.80.13.1/24', filtering: true, vlan: 13 },
    },
  ],
})
const spec = nftablesSpec.parse(component.spec)
const targets = targetsOf({ component, spec, plan })
const vantages = vantagesOf(spec, plan)
const filter =
  'table inet filter {\n\tchain input {\n\t\ttype filter hook input priority 0; policy accept;\n\t}\n}\n'

type Amiss = {
  gateway?: (gateway: NftablesGateway) => void
  /** A new connection does not come in. */
  lockedOut?: boolean
  /** What the probes see: by a line of what is tried. */
  seen?: (line: string) => string | undefined
}

/** What the declaration says passes, and nothing else; hosts that are there answer their gateway. */
function probed(where: string, input: string, { seen }: Amiss): string {
  const vantage = vantages.find(one => one.name === where)
  const lines = input.split('\n').filter(Boolean)
  const answers = lines.map(line => {
    const [protocol, address, port] = line.split(' ')
    const target = targets.find(one => one.address === address)
    const asked =
      protocol === 'icmp' ? ({ protocol } as const) : ({ protocol: 'tcp', port: Number(port) } as const)
    const passes = vantage && target && isDeclared(spec, vantage, target, asked)
    return `${line} ${seen?.(line) ?? (passes ? 'open' : 'closed')}\n`
  })
  return answers.join('')
}

function opened(amiss: Amiss = {}) {
  const gateway = new NftablesGateway()
  gateway.ruleset.load(filter)
  gateway.files.set('/etc/nftables.conf', `#!/usr/sbin/nft -f\nflush ruleset\n${filter}`)
  for (const name of ['lo', 'wan', 'lan', 'h70', 'p1']) gateway.links.add(name)
  amiss.gateway?.(gateway)
  const io = recordingIo({
    answers: [
      onCommand('probe.sh', ({ where, options }) => probed(where, String(options.input ?? ''), amiss)),
      onCommand('ip -j neigh', '[{"dst": "10.80.2.20"}]'),
      onCommand(/ssh .*toulouse-gateway/, { exitCode: amiss.lockedOut ? 255 : 0, stderr: 'timed out' }),
      onWriteFile('toulouse-gateway', ({ path, content }) => gateway.write(path, content) as undefined),
      onCommand(/gateway: /, ({ where, argv, options }) =>
        (where === 'toulouse-gateway' ? gateway : new NftablesGateway()).run(
          argv,
          String(options.input ?? ''),
          Date.parse(io.now()),
        ),
      ),
    ],
  })
  return { io, state: gateway.state }
}

judgeKind(kind, {
  plan,
  component,
  open: () => opened(),
  alwaysAnew: { prove: 'its worth is in having just been done' },
  amiss: {
    'a new connection does not come in': () => opened({ lockedOut: true }),
    'much passes that should not': () =>
      opened({ seen: line => (line.endsWith(' 3389') ? 'open' : undefined) }),
    'a host does not answer': () =>
      opened({ seen: line => (line.includes('10.80.2.20') ? 'closed' : undefined) }),
    'nothing can be tried': () => opened({ seen: () => 'unknown' }),
    'another table drops, and iptables is at work': () =>
      opened({
        gateway: ({ ruleset, says }) => {
          ruleset.load(filter.replace('policy accept', 'policy drop'))
          says.set('ip_tables_names', 'filter\n').set('ip_forward', '0').set('bridge-nf-call', '1')
        },
      }),
    'Bascule comes by a way that the rules close': () =>
      opened({ gateway: ({ says }) => void says.set('connection.sh', '10.80.4.1 50000 10.80.4.12 2222') }),
    'the ruleset could not be put back': () =>
      opened({
        gateway: ({ says }) =>
          void says
            .set('nft -c -f -', { exitCode: 1, stderr: 'syntax error' })
            .set('record.sh', { exitCode: 9 }),
      }),
    'nft refuses the rules': () =>
      opened({ gateway: ({ says }) => void says.set('nft -c -f', { exitCode: 1, stderr: 'syntax error' }) }),
    'the timer does not run': () =>
      opened({ gateway: ({ says }) => void says.set('load.sh', { exitCode: 11, stderr: 'no timer' }) }),
    'it was taken back, and the gateway stays silent': () =>
      opened({
        lockedOut: true,
        gateway: ({ says }) => void says.set('/reverted', { exitCode: 255, stderr: 'timed out' }),
      }),
    'the file would not boot': () =>
      opened({ gateway: ({ files }) => void files.set('/etc/nftables.conf', 'include "/etc/mine"\n') }),
    'a port of the VLAN is another bridge’s': () =>
      opened({
        gateway: ({ links }) => {
          links.add('other', 'bridge')
          links.add('h70', '', { master: 'other' })
          links.add('trunk', 'bridge')
          links.links.delete('p1')
        },
      }),
    'the bridge’s name is another interface’s': () =>
      opened({ gateway: ({ links }) => links.add('office', 'veth') }),
  },
})
