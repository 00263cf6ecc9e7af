import type { Catalogue } from '../../model/text.ts'

export const french: Catalogue = {
  'nftables.spec.name': 'minuscules, chiffres et tirets, une lettre d’abord, 31 au plus',
  'nftables.spec.interface': 'le nom d’une interface réseau',
  'nftables.spec.address': 'une adresse IP',
  'nftables.spec.network': 'un réseau en notation CIDR, par exemple 10.8.0.0/24',
  'nftables.spec.absolute': 'un chemin qui commence par /',
  'nftables.spec.port': 'un port de 1 à 65535, ou une plage comme 60000-60050',
  'nftables.spec.vantage':
    '`here`, `{host: …}` de ce site, ou `{outside: …}` ; avec un `netns` si ce n’est pas celui de la machine',
  'nftables.spec.destination': 'une zone, `gateway`, ou `gateway.` suivi d’un nom de `gatewayAddresses`',
  'nftables.spec.allowsNothing': 'au moins un de tcp, udp, icmp',
  'nftables.spec.vlanId': 'un numéro de VLAN (`vlan`) si `filtering` est vrai, et seulement alors',
  'nftables.spec.unknownZone':
    'une zone de `zones` ; pour `to`, aussi `gateway` ou `gateway.` suivi d’un nom de `gatewayAddresses`',
  'nftables.spec.zoneGateway': 'un autre nom : `gateway` désigne la passerelle elle-même',
  'nftables.spec.zonesOverlap':
    'un réseau ou une interface qui la distingue de toutes les autres zones du site',

  'nftables.vlans.title': '{{host}} : VLAN {{vlans}}',
  'nftables.load.title':
    '{{host}} : règles de pare-feu déclarées en vigueur, retirées d’elles-mêmes après {{seconds}} s si rien ne les prouve',
  'nftables.persist.title': '{{host}} : les règles survivent à un redémarrage ({{file}})',
  'nftables.prove.title': '{{site}} : chaque chemin essayé depuis chaque zone, comparé à la déclaration',
  'nftables.vlans.byHand':
    'Sur {{host}}, taper : {{commands}} ; remettre les ports dans les ponts où ils étaient.',
  'nftables.load.byHand': 'Sur {{host}}, taper : nft -f {{file}}',
  'nftables.persist.byHand': 'Sur {{host}}, taper : cp -a {{kept}} {{file}}',
  'nftables.prove.noUndo': 'Rien n’a été modifié.',

  'nftables.measure.wronglyOpen': '{{component}} : chemins ouverts et non déclarés',
  'nftables.measure.wronglyClosed': '{{component}} : chemins déclarés et fermés',
  'nftables.measure.sitesDifferent': '{{component}} : chemins ouverts à un seul des deux sites',

  'nftables.host.unknown':
    '{{component}} : le site {{side}} n’a pas de machine « {{host}} » (connues : {{known}}).',
  'nftables.lockedOut':
    'Les règles déclarées fermeraient {{host}} à Bascule : il vient de {{client}} par {{interface}} vers {{own}}:{{port}}, ce que rien dans `allow` de {{component}} ne laisse passer.',
  'nftables.lockedOut.remedy':
    'Déclarer une zone qui contient {{client}} par l’interface {{interface}}, et lui autoriser tcp {{port}} vers `gateway`.',
  'nftables.refused': '{{host}} refuse les règles : {{detail}}',
  'nftables.refused.remedy': 'Voir la ligne en cause : ssh {{host}} nft -c -f {{file}}',
  'nftables.notRestorable':
    'Les règles actuelles de {{host}} ne pourraient pas être remises par un retour arrière : {{detail}}',
  'nftables.notRestorable.remedy':
    'Voir lesquelles : ssh {{host}} "nft -s list ruleset | nft -c -f -". Les règles faites par iptables-nft sont à réécrire, ou à garder avec `replaces: own-table`.',
  'nftables.takenBack':
    'Aucune connexion nouvelle n’a atteint {{host}} en {{seconds}} s sous les nouvelles règles : il a remis les anciennes de lui-même à {{when}}.',
  'nftables.takenBack.remedy':
    'Voir par où l’on entre (ssh {{host}} printenv SSH_CONNECTION), déclarer ce chemin dans `allow`, puis recommencer.',
  'nftables.stillOut':
    '{{host}} ne répond plus depuis le chargement des nouvelles règles ; il aurait dû remettre les anciennes après {{seconds}} s.',
  'nftables.stillOut.remedy': 'Depuis sa console, taper : nft -f {{file}}',
  'nftables.noTimer': 'Sur {{host}}, la minuterie qui retire les règles ne tourne pas. {{detail}}',
  'nftables.noTimer.remedy':
    'Voir si /run est accessible en écriture : ssh {{host}} df /run. Puis recommencer ; rien de non prouvé ne reste en vigueur.',
  'nftables.notPutBack':
    'Après le retour arrière, {{host}} ne montre pas ces tables telles qu’elles avaient été relevées : {{tables}}.',
  'nftables.notPutBack.remedy': 'Comparer : ssh {{host}} "nft -s list ruleset | diff - {{file}}"',
  'nftables.fileChanged':
    '{{file}} sur {{host}} a été modifié par quelqu’un d’autre depuis son écriture : il est laissé en l’état.',
  'nftables.fileChanged.remedy':
    'Comparer avec ce qu’il y avait avant, puis rétablir ce qu’il faut : ssh {{host}} diff {{kept}} {{file}}',
  'nftables.wouldNotBoot':
    'Avec ces règles, {{file}} sur {{host}} ne donnerait pas au démarrage les règles en vigueur : {{detail}}',
  'nftables.wouldNotBoot.remedy': 'Voir ce qu’il contient d’autre : ssh {{host}} cat {{file}}',
  'nftables.prove.failed':
    'Non conforme à la déclaration. Ouverts à tort : {{open}}. Fermés à tort : {{closed}}. Non interrogés : {{silent}}.',
  'nftables.prove.failed.remedy':
    'Voir ce qui en décide : ssh {{host}} nft list ruleset ; corriger `allow`, le pare-feu des machines elles-mêmes ou les routes, puis recommencer.',

  'nftables.vlan.notABridge': '{{host}}, VLAN {{vlan}} : {{what}} existe et n’est pas un pont.',
  'nftables.vlan.notABridge.remedy': 'Nommer un autre pont dans le plan.',
  'nftables.vlan.notFiltering': '{{host}}, VLAN {{vlan}} : le pont {{what}} ne filtre pas les VLAN.',
  'nftables.vlan.notFiltering.remedy':
    'L’activer quand rien n’y passe (ssh {{host}} ip link set {{what}} type bridge vlan_filtering 1), ou prendre un pont à part.',
  'nftables.vlan.portMissing': '{{host}}, VLAN {{vlan}} : il n’y a pas d’interface {{what}}.',
  'nftables.vlan.portMissing.remedy': 'Voir celles qu’il y a : ssh {{host}} ip -br link',
  'nftables.vlan.portTaken': '{{host}}, VLAN {{vlan}} : un autre pont tient {{what}}.',
  'nftables.vlan.portTaken.remedy':
    'L’en sortir si rien ne s’en sert : ssh {{host}} ip link set <port> nomaster',
  'nftables.vlan.notMade': '{{host}}, VLAN {{vlan}} : il manque encore : {{what}}.',
  'nftables.vlan.notMade.remedy': 'Voir si autre chose gère ces interfaces : ssh {{host}} ip -d link',

  'nftables.finding.as-declared':
    '{{tried}} chemins essayés depuis toutes les zones des deux sites : tous conformes.',
  'nftables.finding.wrongly-open': '{{site}} : {{count}} chemins ouverts et non déclarés : {{ways}}',
  'nftables.finding.wrongly-open.remedy':
    'À la cible, la préparation les ferme (bascule replicate). À la source, les fermer ou les déclarer dans `allow` ; voir : ssh {{host}} nft list ruleset',
  'nftables.finding.wrongly-closed': '{{site}} : {{count}} chemins déclarés et fermés : {{ways}}',
  'nftables.finding.wrongly-closed.remedy':
    'Voir ce qui les bloque (ssh {{host}} nft list ruleset, le pare-feu de la machine, les routes), ou les retirer de `allow`.',
  'nftables.finding.sites-differ':
    '{{count}} chemins diffèrent entre les deux sites (source / cible) : {{ways}}',
  'nftables.finding.sites-differ.remedy': 'Décider quel site a raison, puis corriger l’autre ou `allow`.',
  'nftables.finding.unseen': 'Personne n’a pu regarder depuis : {{vantages}}',
  'nftables.finding.unseen.remedy':
    'Y permettre ssh, et y installer bash et fping ; d’ici là ces chemins ne sont pas prouvés.',
  'nftables.finding.missing': 'Il manque à {{host}} : {{programs}}.',
  'nftables.finding.missing.remedy': 'ssh {{host}} apt install {{programs}}',
  'nftables.finding.way-in-unknown':
    '{{host}} ne peut pas dire par où Bascule arrive : on ne peut pas prévoir s’il serait enfermé dehors.',
  'nftables.finding.way-in-unknown.remedy':
    'S’assurer que `allow` contient ce chemin ; sinon, {{host}} retire les règles de lui-même.',
  'nftables.finding.other-filter':
    '{{host}} jette aussi des paquets dans d’autres tables ({{chains}}) : ce qu’elles jettent, aucune de nos règles ne peut l’accepter.',
  'nftables.finding.other-filter.remedy':
    'Les retirer, ou écrire `replaces: ruleset` ; un retour arrière les remet.',
  'nftables.finding.legacy':
    '{{host}} filtre aussi par iptables-legacy (tables {{tables}}), que nftables ne montre pas.',
  'nftables.finding.legacy.remedy':
    'Voir ses règles (ssh {{host}} iptables-legacy-save), et retirer celles dont on ne veut plus.',
  'nftables.finding.not-forwarding': '{{host}} ne transmet rien (net.ipv4.ip_forward vaut 0).',
  'nftables.finding.not-forwarding.remedy':
    'ssh {{host}} sysctl -w net.ipv4.ip_forward=1, et l’écrire dans /etc/sysctl.d.',
  'nftables.finding.bridged-filtered':
    '{{host}} filtre aussi ce qui ne fait que traverser ses ponts (bridge-nf-call-iptables vaut 1) : les voisins d’un même réseau seraient coupés les uns des autres.',
  'nftables.finding.bridged-filtered.remedy': 'ssh {{host}} sysctl -w net.bridge.bridge-nf-call-iptables=0',
  'nftables.finding.not-at-boot':
    '{{host}} ne charge pas ses règles au démarrage : nftables.service est {{state}}.',
  'nftables.finding.not-at-boot.remedy': 'ssh {{host}} systemctl enable nftables.service',
  'nftables.finding.taken-back':
    'Un chargement précédent a été retiré par {{host}} lui-même à {{when}} : aucune connexion nouvelle n’était arrivée.',
  'nftables.finding.taken-back.remedy':
    'Vérifier que `allow` contient le chemin par lequel on entre : ssh {{host}} printenv SSH_CONNECTION',
  'nftables.finding.address-unlisted':
    '{{host}} a des adresses que `gatewayAddresses` ne nomme pas, et que personne ne regarde donc : {{addresses}}',
  'nftables.finding.address-unlisted.remedy':
    'Les ajouter à `gatewayAddresses`, sans rien y autoriser si rien ne doit l’être.',
  'nftables.finding.interface-missing': '{{host}} n’a pas d’interface de ces noms (zone) : {{interfaces}}',
  'nftables.finding.interface-missing.remedy':
    'Corriger les noms (ssh {{host}} ip -br link), sauf si un autre composant les crée.',
  'nftables.finding.vlan-passing':
    'Les VLAN {{vlans}} sont là, mais aucune configuration réseau de {{host}} ne les nomme : un redémarrage les perdrait.',
  'nftables.finding.vlan-passing.remedy':
    'Les écrire dans /etc/network/interfaces de {{host}} (ou ce qui en tient lieu) ; d’ici là, après un redémarrage : bascule replicate.',
  'nftables.finding.host-in-no-zone':
    'Aucune zone ne contient ces machines ; rien ne les atteint donc par une passerelle : {{hosts}}',
  'nftables.finding.host-in-no-zone.remedy': 'Ajouter leurs réseaux à une zone.',
}
