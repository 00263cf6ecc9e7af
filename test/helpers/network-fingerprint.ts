import { zoneAsHeld } from '../../lab/faults/names.ts'
import { execIn, type Lab } from '../../lab/lab.ts'
import { reverseZone } from '../../lab/names/zones.ts'
import type { Fingerprint } from './fingerprint.ts'

/**
 * What a gateway is, to the byte: the rules in force, what its boot loads, the VPN's files and what runs of it, its bridges, what
 * is shaped (a cable that was ever up is `noqueue` for good: no setting). A client's endpoint is where it last came from, and
 * `wg` lists peers as they come: neither is anybody's setting.
 */
const ofGateway = `
  echo "rules $(nft -s list ruleset | sha256sum)"
  find /etc/nftables.conf /etc/nftables.d /etc/wireguard -type f 2>/dev/null | sort | xargs -r md5sum
  find /etc/nftables.conf /etc/nftables.d /etc/wireguard -printf '%p %m %U:%G\\n' 2>/dev/null | sort
  echo "vpn $(wg showconf wg0 2>/dev/null | grep -v ^Endpoint | sort | sha256sum)"
  ip -br link | cut -d' ' -f1 | cut -d@ -f1 | sort
  ip -br address | grep -v '^lo ' | sed 's/ fe80[^ ]*//' | tr -s ' ' | sort
  tc qdisc show | grep -v -e ' parent ' -e noqueue | cut -d' ' -f2,5 | sort
  cat /proc/sys/net/ipv4/ip_forward
`
/** The tester's tunnels are namespaces of their own. */
const ofTester = 'ip netns list; ls /etc/wireguard 2>/dev/null; ip -br link | cut -d" " -f1 | sort'

/** DNS, VPN and firewall of both sites, by place. Zones without their SOA: each change counts its serial up. */
export async function networkFingerprint(lab: Lab): Promise<Fingerprint> {
  const shell = async (host: string, script: string) => (await execIn(lab, host, ['sh', '-c', script])).stdout
  const zone = async (view: 'external' | 'internal', name?: string) =>
    (await zoneAsHeld(lab, view, name))
      .split('\n')
      .filter(line => !line.includes(' SOA '))
      .sort()
      .join('\n')
  return {
    'network of montpellier': await shell('montpellier-gateway', ofGateway),
    'network of toulouse': await shell('toulouse-gateway', ofGateway),
    'network of tester': await shell('internet-tester', ofTester),
    'names external': await zone('external'),
    'names internal': await zone('internal'),
    'names reverse': await zone('external', reverseZone(lab.index)),
  }
}
