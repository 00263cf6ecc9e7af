import { describe, expect, it } from 'vitest'
import { montpellierRuleset } from '../../lab/firewall/montpellier.ts'
import { forwardChain, rulesIn } from '../../lab/firewall/rules.ts'
import { type Batch, bridges, cables, endpoints } from '../../lab/network/commands.ts'
import { detour, wayBack } from '../../lab/network/detour.ts'
import { gatewaySettings } from '../../lab/network/lines.ts'
import { addressOf, hostsOf, internetNamespace, isUnplugged } from '../../lab/topology.ts'

const hosts = hostsOf(0, ['files', 'network'])
const linesOf = (batches: Batch[], namespace: string | undefined): string[] =>
  batches.find(batch => batch.namespace === namespace)?.lines ?? []
const gateway = (site: string) => linesOf(bridges(0, hosts), `bl0-${site}-gateway`)

describe('a lab with its network', () => {
  it('has an office at each site; Toulouse’s cable leads nowhere yet', () => {
    expect(addressOf(0, 'montpellier', 'office')).toBe('10.80.11.70')
    expect(hosts.filter(isUnplugged).map(({ name }) => name)).toEqual(['toulouse-office'])
    expect(gateway('montpellier')).toContain('link set h70 master office')
    expect(gateway('montpellier')).not.toContain('link set h70 master lan')
    expect(gateway('toulouse').filter(line => /h70|office/.test(line))).toEqual([])
    expect(cables(0, hosts).lines).toContain(
      'link add eth0 netns bl0-toulouse-office type veth peer name h70 netns bl0-toulouse-gateway',
    )
  })

  it('has a second line at Toulouse, which the operator slows down and not the gateway', () => {
    expect(gateway('toulouse')).toContain('address add 10.80.5.12/24 dev backup')
    const internet = linesOf(bridges(0, hosts), internetNamespace(0))
    expect(internet).toContain('link set modem master mobile')
    expect(internet).toContain('link set cell master internet')
  })

  it('gives each gateway a worse way to the other site, for when the better one has no carrier', () => {
    const far = (site: string) => gateway(site).filter(line => line.startsWith('route add 10.80.'))
    expect(far('montpellier')).toEqual([
      'route add 10.80.2.0/24 via 10.80.3.2',
      'route add 10.80.5.0/24 dev wan',
      'route add 10.80.2.0/24 via 10.80.5.12 dev wan metric 200',
    ])
    expect(far('toulouse')).toContain('route add 10.80.1.0/24 via 10.80.4.11 dev backup metric 200')
    expect(gatewaySettings(['backup'])).toContain('net.ipv4.conf.backup.ignore_routes_with_linkdown=1')
  })

  it('lets those who try the doors know the way to them, and nobody else outside', () => {
    const lan = (role: string) =>
      linesOf(endpoints(0, hosts), `bl0-internet-${role}`).filter(line => /10\.80\.(1|2)\.0/.test(line))
    expect(lan('stranger')).toHaveLength(2)
    expect(lan('tester')).toHaveLength(2)
    const others = hostsOf(0, ['dns', 'network'])
    expect(linesOf(endpoints(0, others), 'bl0-internet-users')).toContain('route add 10.80.5.0/24 dev eth0')
    expect(linesOf(endpoints(0, others), 'bl0-internet-users').join()).not.toContain('10.80.1.0')
  })

  it('is as it ever was without the part', () => {
    const plain = hostsOf(0, ['files'])
    const lines = [cables(0, plain), ...bridges(0, plain), ...endpoints(0, plain)].flatMap(
      batch => batch.lines,
    )
    expect(lines.filter(line => /10\.80\.(5|6|11|12)\.|backup|office|metric|rule/.test(line))).toEqual([])
  })
})

describe('the loss of Toulouse’s main line', () => {
  const routers = {
    montpellier: 'bl0-montpellier-gateway',
    outside: [
      { role: 'users', namespace: 'bl0-internet-users' },
      { role: 'stranger', namespace: 'bl0-internet-stranger' },
    ],
  }
  const lost = detour(0, routers)
  const back = wayBack(0, routers)

  it('takes the carrier away from Toulouse, at the far ends of its fibre', () => {
    expect(lost.map(({ namespace }) => namespace)).not.toContain('bl0-toulouse-gateway')
    expect(linesOf(lost, internetNamespace(0))).toEqual(['link set east down'])
    expect(linesOf(lost, 'bl0-montpellier-gateway')[0]).toBe('link set intersite down')
  })

  it('sends Toulouse’s public address and networks over the backup line, for whoever knew them', () => {
    expect(linesOf(lost, 'bl0-internet-users')).toEqual(['route replace 10.80.4.12/32 via 10.80.5.12'])
    expect(linesOf(lost, undefined)).toContain('route replace 10.80.2.0/24 via 10.80.5.12 dev bl0-ops')
    expect(linesOf(lost, 'bl0-internet-stranger')).toContain(
      'route replace 10.80.2.0/24 via 10.80.5.12 metric 900',
    )
  })

  it('is taken back wherever it was felt', () => {
    expect(back.map(({ namespace }) => namespace)).toEqual(lost.map(({ namespace }) => namespace))
    for (const { lines } of back.slice(1)) expect(lines).toContain('route flush exact 10.80.4.12/32')
    expect(linesOf(back, 'bl0-montpellier-gateway').at(-1)).toBe('route replace 10.80.2.0/24 via 10.80.3.2')
    expect(linesOf(back, undefined)).toContain('route replace 10.80.2.0/24 via 10.80.4.12 dev bl0-ops')
  })
})

describe('a gateway’s ruleset, as nft shows it', () => {
  const listing = `table ip nat { # handle 1
	chain forward { # handle 1
		type nat hook prerouting priority dstnat; policy accept;
	}
}
table inet filter { # handle 2
	set late { # handle 4
		type ipv4_addr
	}

	chain input { # handle 1
		type filter hook input priority filter; policy drop;
		iifname "lo" accept # handle 7
	}

	chain forward { # handle 2
		type filter hook forward priority filter; policy drop;
		tcp dport { 22, 80 } accept comment "people" # handle 9
	}
}`

  it('has its rules, each in its place', () => {
    expect(rulesIn(listing)).toEqual([
      { chain: 'inet filter input', handle: 7, text: 'iifname "lo" accept' },
      { chain: 'inet filter forward', handle: 9, text: 'tcp dport { 22, 80 } accept comment "people"' },
    ])
  })

  it('has one chain that decides what passes, or none', () => {
    expect(forwardChain(listing)).toBe('inet filter forward')
    expect(forwardChain(listing.replaceAll('policy drop', 'policy accept'))).toBeUndefined()
  })

  it('is at Montpellier of this lab’s own addresses', () => {
    expect(montpellierRuleset(3)).toContain('define PUBLIQUE  = 10.83.4.11\n')
    expect(montpellierRuleset(3)).not.toMatch(/10\.80\./)
  })
})
