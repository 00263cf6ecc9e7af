import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { kind } from '../../src/kinds/nftables/index.ts'
import { nftablesSpec } from '../../src/kinds/nftables/spec.ts'
import type { JsonObject } from '../../src/model/json.ts'
import { raiseTwoSites, type TwoSites } from './two-sites.ts'

export const gateway = 'toulouse-gateway'

/** The example's declaration, with the addresses of this lab. What it says of the VPN is left out: nobody makes tunnels here. */
function specOf(prefix: string): JsonObject {
  const text = readFileSync(join(import.meta.dirname, 'nftables-example.yaml'), 'utf8')
  const { firewall } = parse(text.replaceAll('10.80.', `${prefix}.`)) as { firewall: JsonObject }
  const { kind: _kind, title: _title, criticality: _criticality, owner: _owner, ...written } = firewall
  const { vpn, ...zones } = written.zones as Record<string, Record<'source' | 'target', JsonObject>>
  for (const side of ['source', 'target'] as const) delete vpn?.[side].vantage
  return nftablesSpec.parse({
    ...written,
    zones: { ...zones, ...(vpn && { vpn }) },
    // a busy machine must have come in again by then
    revertSeconds: 60,
    probes: { tcp: [22, 23, 80, 445, 5432, 8080], waitSeconds: 1 },
  }) as unknown as JsonObject
}

export async function raiseFirewall(name: string): Promise<TwoSites> {
  const sites = await raiseTwoSites(kind, { id: 'firewall', spec: {} }, { name, parts: ['files', 'network'] })
  sites.component.spec = specOf(sites.lab.prefix)
  return sites
}

/** What the gateway holds, byte for byte, of all that the kind may touch. */
export const stateOf = (sites: TwoSites): Promise<string> =>
  sites.at(
    gateway,
    `nft -s list ruleset
    stat -c '%a %U %s' /etc/nftables.conf; cat /etc/nftables.conf
    ip -br link | awk '{print $1, $2}' | sort; ip -br address | awk '{$2 = ""; print}' | sort
    ls -A /var/lib/bascule /run/bascule-nftables 2>/dev/null || true
    pgrep -a -f '[b]ascule-revert' || true`,
  )
