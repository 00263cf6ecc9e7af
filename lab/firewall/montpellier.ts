import {
  backupAddress,
  lanOf,
  linkAddress,
  officeOf,
  operationsAddress,
  prefixOf,
  publicAddress,
  vpnOf,
} from '../topology.ts'

const site = 'montpellier'

/**
 * The ruleset of Montpellier's gateway as its administrator has written it over the years: other names, another order and
 * other habits than a program's, and the same in effect as what the plan declares.
 */
export const montpellierRuleset = (index: number): string => `#!/usr/sbin/nft -f
# Passerelle de Montpellier. Tout ce qui n'est pas écrit ici est jeté.

flush ruleset

define PUBLIQUE  = ${publicAddress(index, site)}
define INTERNE   = ${prefixOf(index)}.1.1
define SERVEURS  = ${lanOf(index, site)}
define SALLES    = ${officeOf(index, site)}
define TUNNEL    = ${vpnOf(index)}
define EXPLOIT   = ${operationsAddress(index)}
# Toulouse : ses serveurs, et sa passerelle par le lien ou par le secours
define TOULOUSE  = { ${lanOf(index, 'toulouse')}, ${linkAddress(index, 'toulouse')}, ${backupAddress(index)} }
# ssh, rsync, PostgreSQL, Proxmox (API et migrations), iperf3
define ENTRE_SITES = { 22, 80, 873, 5201, 5432, 8006, 60000-60050 }
define ADMIN       = { 22, 80, 5201, 5432, 8006, 8080 }

table inet filter {
	chain input {
		type filter hook input priority filter; policy drop;

		ct state established,related accept
		iifname "lo" accept

		# le monde : le site et le VPN, à l'adresse publique seulement
		ip daddr $PUBLIQUE tcp dport 80 iifname "wan" accept
		ip daddr $PUBLIQUE udp dport 51820 iifname "wan" accept
		ip daddr $PUBLIQUE icmp type echo-request iifname "wan" accept

		# les formateurs : le tableau de bord, par le tunnel seulement
		iifname "wg0" ip saddr $TUNNEL ip daddr $INTERNE tcp dport 80 accept

		# l'exploitation
		iifname "wan" ip saddr $EXPLOIT tcp dport $ADMIN accept
		iifname "wan" ip saddr $EXPLOIT icmp type echo-request accept

		# Toulouse ; l'opérateur rend par wan ce que le lien ne porte plus
		iifname { "intersite", "wan" } ip saddr $TOULOUSE tcp dport { 22, 5201 } accept
		iifname { "intersite", "wan" } ip saddr $TOULOUSE icmp type echo-request accept

		# les serveurs et les salles voient le site comme le monde le voit
		iifname "lan" ip saddr $SERVEURS tcp dport 80 accept
		iifname "office" ip saddr $SALLES ip daddr $PUBLIQUE tcp dport 80 accept
	}

	chain forward {
		type filter hook forward priority filter; policy drop;

		ct state established,related accept
		# ce qu'une règle de renvoi détourne, elle le laisse aussi passer
		ct status dnat accept

		iifname "wan" ip saddr $EXPLOIT oifname { "lan", "office" } tcp dport $ADMIN accept
		iifname "wan" ip saddr $EXPLOIT oifname { "lan", "office" } icmp type echo-request accept

		iifname { "intersite", "wan" } ip saddr $TOULOUSE oifname "lan" tcp dport $ENTRE_SITES accept
		iifname { "intersite", "wan" } ip saddr $TOULOUSE oifname "lan" icmp type echo-request accept
		iifname "lan" ip daddr $TOULOUSE oifname { "intersite", "wan" } tcp dport $ENTRE_SITES accept
		iifname "lan" ip daddr $TOULOUSE oifname { "intersite", "wan" } icmp type echo-request accept
	}

	chain output {
		type filter hook output priority filter; policy accept;
	}
}

# ce que d'autres déposent
include "/etc/nftables.d/*.nft"
`

/** A gateway as it is delivered: the file is there, and lets everything through. */
export const deliveredRuleset = '#!/usr/sbin/nft -f\n\nflush ruleset\n'
