import type { Catalogue } from '../../model/text.ts'

export const english: Catalogue = {
  'wireguard.prepareTarget.title':
    '{{component}}: gateway of {{target}} configured and up, closed but for the test client',
  'wireguard.profiles.title': '{{component}}: client profiles for {{target}} written',
  'wireguard.testClient.title': '{{component}}: test tunnels to both gateways from {{tester}}',
  'wireguard.syncPeers.title': '{{component}}: peers of {{source}} and {{target}} made equal',
  'wireguard.switchGateways.title': '{{component}}: clients let in at {{target}}, gateway of {{source}} down',
  'wireguard.proveTunnel.title':
    '{{component}}: the dashboard of {{target}} through a fresh tunnel, and not without',
  'wireguard.retire.title': '{{component}}: test client and kept copies removed',

  'wireguard.measure.tunnelFailures': '{{component}}: proofs of the target’s tunnel that fail (front door)',
  'wireguard.measure.tunnelFailuresAtSource':
    '{{component}}: proofs of the source’s tunnel that fail (dashboard)',
  'wireguard.measure.dashboardFailures': '{{component}}: proofs of the target’s tunnel that fail (dashboard)',
  'wireguard.measure.clientsStillAtSource': '{{component}}: clients that still come through the old site',

  'wireguard.byHand.prepareTarget':
    'On {{targetHost}}: {{stop}}; then put {{file}} back: cp -p {{kept}}prepare-target/before {{file}}, or rm -f {{file}} when {{kept}}prepare-target/kept begins with "absent".',
  'wireguard.byHand.profiles': 'On {{targetHost}}: rm -r {{folder}}',
  'wireguard.byHand.testClient':
    'On {{tester}}: ip netns delete each of {{namespaces}}. On {{sourceHost}} and {{targetHost}}: cp -p {{kept}}test-client/before {{file}}, and wg set {{interface}} peer … remove for the test client.',
  'wireguard.byHand.syncPeers':
    'On {{targetHost}}: cp -p {{kept}}sync-peers/before {{file}} (nothing to do where that file is not there).',
  'wireguard.byHand.switchGateways':
    'On {{sourceHost}}: {{start}}; wg show {{interface}} must list its peers. On {{targetHost}}: {{stop}}, so that no client stays there.',
  'wireguard.undo.nothing': 'Nothing that serves was changed.',

  'wireguard.host.unknown': '{{component}}: the {{side}} site has no host "{{host}}" (known: {{known}}).',
  'wireguard.host.unknown.remedy': 'Add "{{host}}" to sites.{{side}}.hosts in the plan, or correct the name.',
  'wireguard.outside.unknown': '{{component}}: `outside` has no host "{{host}}" (known: {{known}}).',
  'wireguard.outside.unknown.remedy': 'Add "{{host}}" to outside in the plan, or correct test.outside.',
  'wireguard.key.malformed': '{{what}} is no WireGuard key: 32 bytes in base64, as wg genkey prints them.',
  'wireguard.config.missing': '{{host}} ({{site}}) has no {{file}}.',
  'wireguard.config.strayKey':
    'Line {{line}} ({{word}}) of the source’s configuration holds a key where none is known: it cannot be copied.',
  'wireguard.config.changedMeanwhile':
    '{{file}} on {{host}} was changed by someone else at this moment; it was left alone.',
  'wireguard.config.notWritten': '{{file}} on {{host}} could not be written: {{detail}}',
  'wireguard.preshared.unknown':
    '{{component}}: {{peer}} has a preshared key, and the plan does not say where it is.',
  'wireguard.preshared.unknown.remedy':
    'Give clients.{{client}}.presharedKey in the plan (file:, env: or cmd:).',
  'wireguard.start.failed':
    '{{component}}: {{interface}} does not listen at {{site}} on port {{port}} after {{seconds}} s. Last lines of its log:\n{{log}}',
  'wireguard.start.failed.remedy': 'Read the whole log: ssh {{host}} {{command}}',
  'wireguard.gateway.down': '{{component}}: {{interface}} is not up at {{site}} ({{host}}).',
  'wireguard.stop.failed':
    '{{component}}: {{interface}} is still there at {{site}} after its service was stopped.',
  'wireguard.stop.failed.remedy':
    'Look at it: ssh {{host}} {{command}}, and ssh {{host}} ip link show {{interface}}',
  'wireguard.profiles.foreign':
    '{{folder}} on {{host}} is there and was not written by Bascule; it was left alone.',
  'wireguard.profiles.folder': '{{folder}} could not be made on {{host}}: {{detail}}',
  'wireguard.test.addressTaken':
    '{{component}}: {{address}} belongs to {{peer}} at {{site}}; WireGuard would take it away from that client. Choose another test.address.',
  'wireguard.prove.leadsElsewhere':
    '{{component}}: a fresh tunnel to {{dialled}} leads {{tester}} to {{leadsTo}}, not to {{expected}}.',
  'wireguard.prove.failed':
    '{{component}}: tried from {{tester}}, tunnel to {{dialled}} ({{site}}): {{seen}}.',
  'wireguard.prove.failed.remedy':
    '`through` must be 200 from the target; `without` and `public` must let nobody in. See the gateway’s firewall and what stands behind it.',

  'wireguard.finding.source-listens':
    '{{component}}: {{site}} listens on UDP {{port}} for {{peers}} peers; its key has the fingerprint {{identity}}.',
  'wireguard.finding.source-config-missing': '{{component}}: {{host}} ({{site}}) has no {{file}}.',
  'wireguard.finding.source-config-missing.remedy': 'Correct configFile or source.host in the plan.',
  'wireguard.finding.source-down': '{{component}}: {{interface}} is not up at {{site}} (service: {{state}}).',
  'wireguard.finding.source-down.remedy':
    'On {{host}}, start {{unit}}; or correct interface and manager in the plan.',
  'wireguard.finding.source-port':
    '{{component}}: {{site}} listens on UDP {{port}}, the plan says {{expected}}.',
  'wireguard.finding.source-port.remedy': 'Correct port in the plan.',
  'wireguard.finding.source-not-managed':
    '{{component}}: the manager of {{host}} ({{site}}) knows no {{unit}}: it could be neither stopped nor started again.',
  'wireguard.finding.source-not-managed.remedy': 'Correct manager in the plan.',
  'wireguard.finding.peers-in-memory-only':
    '{{component}}: {{count}} peers run at {{site}} that {{file}} does not have ({{peers}}): they would be lost at the next restart, and would not move.',
  'wireguard.finding.peers-in-memory-only.remedy':
    'On {{host}}, write them to {{file}}, or remove them: wg set {{interface}} peer … remove',
  'wireguard.finding.other-key':
    '{{component}}: the plan’s private key has the fingerprint {{planned}}, the gateway of {{site}} has {{identity}}: no client would know the target.',
  'wireguard.finding.other-key.remedy': 'Give the key of {{file}} as privateKey, or choose identity: new.',
  'wireguard.finding.preshared-unknown':
    '{{component}}: the plan does not say where the preshared key of {{peers}} is.',
  'wireguard.finding.preshared-unknown.remedy': 'Give clients.<name>.presharedKey for each of them.',
  'wireguard.finding.config-open':
    '{{component}}: {{file}} on {{host}} has mode {{mode}}; it holds a private key.',
  'wireguard.finding.config-open.remedy': 'On {{host}}: chmod 0600 {{file}}',
  'wireguard.finding.hooks':
    '{{component}}: {{file}} at {{site}} has {{hooks}} lines. They go to the target as they are, and name what is at the source.',
  'wireguard.finding.hooks.remedy':
    'Read them: what they name (interfaces, addresses) must be the same at the target, or be declared elsewhere.',
  'wireguard.finding.saves-itself':
    '{{component}}: SaveConfig is on in {{file}} at {{site}}: each stop writes the file anew, without its comments; no undo could be exact.',
  'wireguard.finding.saves-itself.remedy': 'On {{host}}, remove the SaveConfig line from {{file}}.',
  'wireguard.finding.target-missing': '{{component}}: the manager of {{host}} ({{site}}) knows no {{unit}}.',
  'wireguard.finding.target-missing.remedy':
    'Install WireGuard and its service on {{host}}, stopped and disabled; no configuration is needed.',
  'wireguard.finding.target-config':
    '{{component}}: {{host}} ({{site}}) has a {{file}} of its own (SHA-256 {{sha256}}…). The preparation keeps a copy and replaces it.',
  'wireguard.finding.target-config.remedy':
    'If it serves somebody, give the VPN another interface, file and port at the target.',
  'wireguard.finding.tester-tools':
    '{{component}}: {{tester}} lacks {{programs}}: no tunnel can be tried from there.',
  'wireguard.finding.tester-tools.remedy':
    'Install it on {{tester}} (Debian: wireguard-tools, curl, iproute2; wireguard-go where the kernel has none).',
  'wireguard.finding.test-address-taken':
    '{{component}}: the test client’s address {{address}} belongs to {{peer}} at {{site}}; WireGuard would take it away from that client.',
  'wireguard.finding.test-address-taken.remedy': 'Choose a free test.address.',
  'wireguard.finding.clients-by-name':
    '{{component}}: {{count}} clients dial a name ({{peers}}). WireGuard resolves it once: until they are restarted they go on sending to {{endpoint}}, and nobody passes that on.',
  'wireguard.finding.clients-by-name.remedy':
    'Either send each its new profile ({{directory}}), or have each install the restarter beside the profiles, or let a forwarder pass UDP {{port}} on from {{endpoint}}.',
  'wireguard.finding.clients-by-name.covered':
    '{{component}}: {{count}} clients dial a name ({{peers}}). WireGuard resolves it once: until they are restarted they go on sending to {{endpoint}}, which {{forwarder}} passes on.',
  'wireguard.finding.clients-by-name.covered.remedy':
    'Before {{forwarder}} is retired, send each its new profile ({{directory}}), or have each install the restarter beside the profiles; clientsStillAtSource says who is left.',
  'wireguard.finding.clients-by-address':
    '{{component}}: {{count}} clients dial {{endpoint}} itself ({{peers}}), and nobody passes that on: after the switch they reach no one.',
  'wireguard.finding.clients-by-address.remedy':
    'Send each its new profile ({{directory}}), or let a forwarder pass UDP {{port}} on from {{endpoint}}. A restarter does not help them.',
  'wireguard.finding.clients-by-address.covered':
    '{{component}}: {{count}} clients dial {{endpoint}} itself ({{peers}}); {{forwarder}} passes it on.',
  'wireguard.finding.clients-by-address.covered.remedy':
    'Before {{forwarder}} is retired, send each its new profile ({{directory}}); clientsStillAtSource says who is left.',
  'wireguard.finding.clients-by-unknown':
    '{{component}}: of {{count}} clients ({{peers}}) nobody knows whether they dial a name or an address: the gateway cannot see it. Nobody passes on what comes to {{endpoint}}.',
  'wireguard.finding.clients-by-unknown.remedy':
    'Ask them, and say it in clients.<name>.reaches; or let a forwarder pass UDP {{port}} on from {{endpoint}}; new profiles are written in {{directory}}.',
  'wireguard.finding.clients-by-unknown.covered':
    '{{component}}: of {{count}} clients ({{peers}}) nobody knows whether they dial a name or an address: the gateway cannot see it. {{forwarder}} passes on what comes to {{endpoint}}.',
  'wireguard.finding.clients-by-unknown.covered.remedy':
    'Before {{forwarder}} is retired, ask them, and say it in clients.<name>.reaches; clientsStillAtSource says who is left.',
  'wireguard.finding.clients-follow':
    '{{component}}: {{count}} clients resolve the name again by themselves ({{peers}}).',
  'wireguard.finding.clients-need-profiles':
    '{{component}}: identity: new. None of the {{count}} clients ({{peers}}) gets in at the target before it has its new profile.',
  'wireguard.finding.clients-need-profiles.remedy':
    'Send out the profiles of {{directory}} as soon as the preparation has written them; or choose identity: same.',

  'wireguard.spec.absolute': 'a path that begins with /',
  'wireguard.spec.network': 'a network, e.g. 10.8.0.0/24',
  'wireguard.spec.address': 'an IP address: a name would ask the DNS that moves',
  'wireguard.spec.url': 'an http:// or https:// URL',
  'wireguard.spec.header': 'the name of a header, e.g. X-Site',
  'wireguard.spec.interface': 'the name of an interface: at most 15 letters, digits and _ = + . -',
  'wireguard.spec.dnsName': 'a DNS name, e.g. vpn.example.org',
  'wireguard.spec.privateKey': 'the source’s private key, which identity: same needs (file:, env: or cmd:)',
}
