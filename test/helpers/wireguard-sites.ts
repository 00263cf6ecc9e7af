import { join } from 'node:path'
import { kind } from '../../src/kinds/wireguard/index.ts'
import { wireguardSpec } from '../../src/kinds/wireguard/spec.ts'
import type { Finding } from '../../src/model/fact.ts'
import type { JsonObject } from '../../src/model/json.ts'
import { raiseTwoSites, sites, type TwoSites } from './two-sites.ts'

export const trainerNames = ['trainer-name', 'trainer-address', 'trainer-restarter']
export const gateways = ['montpellier-gateway', 'toulouse-gateway']
export const configFile = '/etc/wireguard/wg0.conf'

/** The VPN of the laboratory: real gateways, real trainers, a tester who has no tunnel yet. */
export type VpnSites = TwoSites & {
  /** The same sites with another plan of the VPN. */
  planned(changes: JsonObject): TwoSites
  findings(of?: TwoSites): Finding[]
  /** Toulouse as its firewall will have it: from outside nobody reaches the inner address of its gateway. */
  closeToulouse(): Promise<void>
  openToulouse(): Promise<void>
}

export async function raiseVpn(name: string): Promise<VpnSites> {
  const parts = ['services', 'network'] as const
  const two = await raiseTwoSites(kind, { id: 'vpn', spec: {} }, { name, parts })
  const { lab, at } = two
  const address = (byte: string) => `${lab.prefix}.${byte}`
  const secret = (file: string) => `file:${join(lab.secretsDirectory, file)}`
  const door = (site: number, says: string) => ({ url: `http://${address(`${site}.1`)}/health`, says })
  const spec: JsonObject = {
    manager: { runit: 'wireguard' },
    endpointName: 'vpn.techcorp.test',
    source: { host: 'gateway', endpoint: address('4.11') },
    target: { host: 'gateway', endpoint: address('4.12') },
    identity: 'same',
    privateKey: secret('vpn-gateway'),
    within: ['6.0/24', '1.0/24', '2.0/24'].map(address),
    profiles: { directory: '/var/lib/vpn-profiles' },
    test: {
      outside: 'tester',
      address: address('6.200/32'),
      privateKey: secret('vpn-tester'),
      name: 'dashboard.techcorp.test',
      source: door(1, 'montpellier'),
      target: door(2, 'toulouse'),
    },
  }
  const planned = (changes: JsonObject) => {
    const whole = wireguardSpec.parse({ ...spec, ...changes }) as unknown as JsonObject
    const component = { ...two.component, spec: whole }
    const plan = { ...two.plan, components: { vpn: component } }
    return sites(kind, lab, plan, two.transport, component)
  }
  // The trainers' dashboard, at Toulouse too: on the database of Montpellier, which is the one that lives.
  const here = address('1.').replaceAll('.', '\\.')
  const there = address('2.').replaceAll('.', '\\.')
  await at(
    'toulouse-dashboard',
    `sed -i '/^LISTEN/!s/${there}/${here}/' /etc/estate/dashboard.env; rm -f /etc/service/dashboard/down; sv up dashboard`,
  )
  const own = planned({})
  return {
    ...two,
    ...own,
    planned,
    findings: (of = own) =>
      kind.findings(of.component, of.facts.vpn ?? {}, {
        plan: of.plan,
        mode: 'preparation',
        facts: of.facts,
      }),
    async closeToulouse() {
      const rule = `iifname "wan" ip saddr != ${address('4.99')} ip daddr ${address('2.0/24')} drop`
      await at(
        'toulouse-gateway',
        `nft 'table inet shut { chain in { type filter hook input priority 0; ${rule}; }; }'`,
      )
    },
    async openToulouse() {
      await at('toulouse-gateway', 'nft delete table inet shut')
    },
    close: two.close,
  }
}

/** All that a gateway's VPN is: its file to the byte, mode and owner, its service, and who may come in. */
export async function stateOf({ at }: TwoSites, host: string): Promise<string> {
  return at(
    host,
    `cd /etc/wireguard; ls -l --time-style=+ | sort; sha256sum -- * 2>/dev/null || true
     sv status wireguard | sed 's/[0-9]*s[,;].*//; s/[0-9]*s$//; s/(pid [0-9]*)//'; ls /etc/service/wireguard
     wg show wg0 allowed-ips 2>/dev/null | sort || true; find /var/lib/bascule /var/lib/vpn-profiles 2>/dev/null || true`,
  )
}
