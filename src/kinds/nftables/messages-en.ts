import type { Catalogue } from '../../model/text.ts'

export const english: Catalogue = {
  'nftables.spec.name': 'small letters, digits and dashes, a letter first, at most 31',
  'nftables.spec.interface': 'the name of a network interface',
  'nftables.spec.address': 'an IP address',
  'nftables.spec.network': 'a network in CIDR notation, e.g. 10.8.0.0/24',
  'nftables.spec.absolute': 'a path that begins with /',
  'nftables.spec.port': 'a port from 1 to 65535, or a range such as 60000-60050',
  'nftables.spec.vantage':
    '`here`, `{host: …}` of this site, or `{outside: …}`; with a `netns` where it is not the host’s own',
  'nftables.spec.destination': 'a zone, `gateway`, or `gateway.` and a name of `gatewayAddresses`',
  'nftables.spec.allowsNothing': 'at least one of tcp, udp, icmp',
  'nftables.spec.vlanId': 'a VLAN id (`vlan`) exactly when `filtering` is true',
  'nftables.spec.unknownZone':
    'a zone of `zones`; for `to` also `gateway` or `gateway.` and a name of `gatewayAddresses`',
  'nftables.spec.zoneGateway': 'another name: `gateway` is the gateway itself',
  'nftables.spec.zonesOverlap':
    'a network or an interface by which it can be told from every other zone of the site',

  'nftables.vlans.title': '{{host}}: VLANs {{vlans}}',
  'nftables.load.title':
    '{{host}}: the declared firewall rules in force, taken back by themselves after {{seconds}} s unless proven',
  'nftables.persist.title': '{{host}}: the rules outlive a restart ({{file}})',
  'nftables.prove.title': '{{site}}: every way tried from every zone, compared with the declaration',
  'nftables.vlans.byHand': 'On {{host}}, type: {{commands}}; put ports back into the bridges they were in.',
  'nftables.load.byHand': 'On {{host}}, type: nft -f {{file}}',
  'nftables.persist.byHand': 'On {{host}}, type: cp -a {{kept}} {{file}}',
  'nftables.prove.noUndo': 'Nothing was changed.',

  'nftables.measure.wronglyOpen': '{{component}}: ways that are open and not declared',
  'nftables.measure.wronglyClosed': '{{component}}: ways that are declared and closed',
  'nftables.measure.sitesDifferent': '{{component}}: ways that are open at one site only',

  'nftables.host.unknown': '{{component}}: the {{side}} site has no host "{{host}}" (known: {{known}}).',
  'nftables.lockedOut':
    'The declared rules would lock Bascule out of {{host}}: it comes from {{client}} by {{interface}} to {{own}}:{{port}}, which nothing in `allow` of {{component}} lets through.',
  'nftables.lockedOut.remedy':
    'Declare a zone that holds {{client}} by interface {{interface}}, and allow it tcp {{port}} to `gateway`.',
  'nftables.refused': '{{host}} does not take the rules: {{detail}}',
  'nftables.refused.remedy': 'See the line that is meant: ssh {{host}} nft -c -f {{file}}',
  'nftables.notRestorable': 'The rules that {{host}} has now could not be put back by an undo: {{detail}}',
  'nftables.notRestorable.remedy':
    'See which: ssh {{host}} "nft -s list ruleset | nft -c -f -". Rules made by iptables-nft have to be rewritten, or kept with `replaces: own-table`.',
  'nftables.takenBack':
    'No new connection reached {{host}} within {{seconds}} s under the new rules: it put the old ones back by itself at {{when}}.',
  'nftables.takenBack.remedy':
    'See how you come in (ssh {{host}} printenv SSH_CONNECTION), declare that way in `allow`, and retry.',
  'nftables.stillOut':
    '{{host}} has not answered since the new rules were loaded; it should have put the old ones back after {{seconds}} s.',
  'nftables.stillOut.remedy': 'From its console, type: nft -f {{file}}',
  'nftables.noTimer': 'On {{host}} the timer that takes the rules back does not run. {{detail}}',
  'nftables.noTimer.remedy':
    'See whether /run can be written: ssh {{host}} df /run. Then retry; nothing unproven stays in force.',
  'nftables.notPutBack':
    'After the undo {{host}} does not show these tables as they were recorded: {{tables}}.',
  'nftables.notPutBack.remedy': 'Compare: ssh {{host}} "nft -s list ruleset | diff - {{file}}"',
  'nftables.fileChanged':
    '{{file}} on {{host}} was changed by someone else since it was written: it is left as it is.',
  'nftables.fileChanged.remedy':
    'Compare with what was there before, then put right what you want: ssh {{host}} diff {{kept}} {{file}}',
  'nftables.wouldNotBoot':
    'With these rules in it, {{file}} on {{host}} would not give the rules that are in force: {{detail}}',
  'nftables.wouldNotBoot.remedy': 'See what else is in it: ssh {{host}} cat {{file}}',
  'nftables.prove.failed':
    'Not as declared. Open, and should not be: {{open}}. Closed, and should be open: {{closed}}. Not asked: {{silent}}.',
  'nftables.prove.failed.remedy':
    'See what decides it: ssh {{host}} nft list ruleset; correct `allow`, the hosts’ own firewalls or the routes, and retry.',

  'nftables.vlan.notABridge': '{{host}}, VLAN {{vlan}}: {{what}} is there and is no bridge.',
  'nftables.vlan.notABridge.remedy': 'Name another bridge in the plan.',
  'nftables.vlan.notFiltering': '{{host}}, VLAN {{vlan}}: the bridge {{what}} does not filter VLANs.',
  'nftables.vlan.notFiltering.remedy':
    'Turn it on when nothing runs over it (ssh {{host}} ip link set {{what}} type bridge vlan_filtering 1), or use a bridge of its own.',
  'nftables.vlan.portMissing': '{{host}}, VLAN {{vlan}}: there is no interface {{what}}.',
  'nftables.vlan.portMissing.remedy': 'See what there is: ssh {{host}} ip -br link',
  'nftables.vlan.portTaken': '{{host}}, VLAN {{vlan}}: another bridge has {{what}}.',
  'nftables.vlan.portTaken.remedy':
    'Take it out if nothing uses it there: ssh {{host}} ip link set <port> nomaster',
  'nftables.vlan.notMade': '{{host}}, VLAN {{vlan}}: this is still missing: {{what}}.',
  'nftables.vlan.notMade.remedy':
    'See whether something else manages these interfaces: ssh {{host}} ip -d link',

  'nftables.finding.as-declared': '{{tried}} ways tried from every zone of both sites: all as declared.',
  'nftables.finding.wrongly-open': '{{site}}: {{count}} ways are open and not declared: {{ways}}',
  'nftables.finding.wrongly-open.remedy':
    'At the target the preparation closes them (bascule replicate). At the source, close them or declare them in `allow`; see: ssh {{host}} nft list ruleset',
  'nftables.finding.wrongly-closed': '{{site}}: {{count}} ways are declared and closed: {{ways}}',
  'nftables.finding.wrongly-closed.remedy':
    'See what drops them (ssh {{host}} nft list ruleset, the host’s own firewall, the routes), or take them out of `allow`.',
  'nftables.finding.sites-differ':
    '{{count}} ways are not the same at both sites (source / target): {{ways}}',
  'nftables.finding.sites-differ.remedy': 'Decide which site is right, and correct the other or `allow`.',
  'nftables.finding.unseen': 'Nobody could look from here: {{vantages}}',
  'nftables.finding.unseen.remedy':
    'Let ssh in there, and install bash and fping; until then these ways are unproven.',
  'nftables.finding.missing': '{{host}} lacks {{programs}}.',
  'nftables.finding.missing.remedy': 'ssh {{host}} apt install {{programs}}',
  'nftables.finding.way-in-unknown':
    '{{host}} cannot tell by which way Bascule comes in: a lock-out cannot be foreseen.',
  'nftables.finding.way-in-unknown.remedy':
    'Make sure that `allow` holds it; should it not, {{host}} takes the rules back by itself.',
  'nftables.finding.other-filter':
    '{{host}} drops packets in other tables too ({{chains}}): what they drop, no rule of ours can accept.',
  'nftables.finding.other-filter.remedy':
    'Take them out, or say `replaces: ruleset`; an undo puts them back.',
  'nftables.finding.legacy':
    '{{host}} also filters by iptables-legacy (tables {{tables}}), which nftables does not show.',
  'nftables.finding.legacy.remedy':
    'See its rules (ssh {{host}} iptables-legacy-save), and take out what is not wanted any more.',
  'nftables.finding.not-forwarding': '{{host}} forwards nothing (net.ipv4.ip_forward is 0).',
  'nftables.finding.not-forwarding.remedy':
    'ssh {{host}} sysctl -w net.ipv4.ip_forward=1, and write it to /etc/sysctl.d.',
  'nftables.finding.bridged-filtered':
    '{{host}} filters what only crosses its bridges too (bridge-nf-call-iptables is 1): neighbours in one network would be cut off from each other.',
  'nftables.finding.bridged-filtered.remedy': 'ssh {{host}} sysctl -w net.bridge.bridge-nf-call-iptables=0',
  'nftables.finding.not-at-boot':
    '{{host}} does not load its rules when it boots: nftables.service is {{state}}.',
  'nftables.finding.not-at-boot.remedy': 'ssh {{host}} systemctl enable nftables.service',
  'nftables.finding.taken-back':
    'An earlier load of the rules was taken back by {{host}} itself at {{when}}: no new connection had come in.',
  'nftables.finding.taken-back.remedy':
    'See that `allow` holds the way you come in by: ssh {{host}} printenv SSH_CONNECTION',
  'nftables.finding.address-unlisted':
    '{{host}} has addresses that `gatewayAddresses` does not name, so that nobody looks at them: {{addresses}}',
  'nftables.finding.address-unlisted.remedy':
    'Add them to `gatewayAddresses`, with nothing allowed to them if nothing is.',
  'nftables.finding.interface-missing': '{{host}} has no interface of these names (zone): {{interfaces}}',
  'nftables.finding.interface-missing.remedy':
    'Correct the names (ssh {{host}} ip -br link), unless another component makes them.',
  'nftables.finding.vlan-passing':
    'VLANs {{vlans}} are there, but no network configuration of {{host}} names them: a restart would lose them.',
  'nftables.finding.vlan-passing.remedy':
    'Write them to /etc/network/interfaces of {{host}} (or what it uses instead); until then, after a restart: bascule replicate.',
  'nftables.finding.host-in-no-zone':
    'No zone holds these hosts, so that nothing reaches them through a gateway: {{hosts}}',
  'nftables.finding.host-in-no-zone.remedy': 'Add their networks to a zone.',
}
