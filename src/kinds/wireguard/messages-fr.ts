import type { Catalogue } from '../../model/text.ts'

export const french: Catalogue = {
  'wireguard.prepareTarget.title':
    '{{component}} : passerelle de {{target}} configurée et en marche, fermée sauf au client d’essai',
  'wireguard.profiles.title': '{{component}} : profils des clients pour {{target}} écrits',
  'wireguard.testClient.title': '{{component}} : tunnels d’essai vers les deux passerelles depuis {{tester}}',
  'wireguard.syncPeers.title': '{{component}} : pairs de {{source}} et de {{target}} mis à égalité',
  'wireguard.switchGateways.title':
    '{{component}} : clients admis à {{target}}, passerelle de {{source}} arrêtée',
  'wireguard.proveTunnel.title':
    '{{component}} : tableau de bord de {{target}} atteint par un tunnel neuf, et pas sans lui',
  'wireguard.retire.title': '{{component}} : client d’essai et copies gardées retirés',

  'wireguard.measure.tunnelFailures':
    '{{component}} : preuves du tunnel de la cible en échec (porte d’entrée)',
  'wireguard.measure.tunnelFailuresAtSource':
    '{{component}} : preuves du tunnel de la source en échec (tableau de bord)',
  'wireguard.measure.dashboardFailures':
    '{{component}} : preuves du tunnel de la cible en échec (tableau de bord)',
  'wireguard.measure.clientsStillAtSource': '{{component}} : clients qui passent encore par l’ancien site',

  'wireguard.byHand.prepareTarget':
    'Sur {{targetHost}} : {{stop}} ; puis remettre {{file}} : cp -p {{kept}}prepare-target/before {{file}}, ou rm -f {{file}} si {{kept}}prepare-target/kept commence par « absent ».',
  'wireguard.byHand.profiles': 'Sur {{targetHost}} : rm -r {{folder}}',
  'wireguard.byHand.testClient':
    'Sur {{tester}} : ip netns delete pour chacun de {{namespaces}}. Sur {{sourceHost}} et {{targetHost}} : cp -p {{kept}}test-client/before {{file}}, et wg set {{interface}} peer … remove pour le client d’essai.',
  'wireguard.byHand.syncPeers':
    'Sur {{targetHost}} : cp -p {{kept}}sync-peers/before {{file}} (rien à faire si cette copie n’existe pas).',
  'wireguard.byHand.switchGateways':
    'Sur {{sourceHost}} : {{start}} ; wg show {{interface}} doit lister ses pairs. Sur {{targetHost}} : {{stop}}, pour qu’aucun client n’y reste.',
  'wireguard.undo.nothing': 'Rien de ce qui sert n’a été changé.',

  'wireguard.host.unknown':
    '{{component}} : le site {{side}} n’a pas de machine « {{host}} » (connues : {{known}}).',
  'wireguard.host.unknown.remedy':
    'Ajouter « {{host}} » à sites.{{side}}.hosts dans le plan, ou corriger le nom.',
  'wireguard.outside.unknown':
    '{{component}} : `outside` n’a pas de machine « {{host}} » (connues : {{known}}).',
  'wireguard.outside.unknown.remedy':
    'Ajouter « {{host}} » à outside dans le plan, ou corriger test.outside.',
  'wireguard.key.malformed':
    '{{what}} n’est pas une clé WireGuard : 32 octets en base64, tels que wg genkey les affiche.',
  'wireguard.config.missing': '{{host}} ({{site}}) n’a pas de {{file}}.',
  'wireguard.config.strayKey':
    'La ligne {{line}} ({{word}}) de la configuration de la source contient une clé là où aucune n’est connue : elle ne peut pas être copiée.',
  'wireguard.config.changedMeanwhile':
    '{{file}} sur {{host}} vient d’être modifié par quelqu’un d’autre ; il a été laissé tel quel.',
  'wireguard.config.notWritten': '{{file}} sur {{host}} n’a pas pu être écrit : {{detail}}',
  'wireguard.preshared.unknown':
    '{{component}} : {{peer}} a une clé partagée, et le plan ne dit pas où elle est.',
  'wireguard.preshared.unknown.remedy':
    'Donner clients.{{client}}.presharedKey dans le plan (file:, env: ou cmd:).',
  'wireguard.start.failed':
    '{{component}} : {{interface}} n’écoute pas à {{site}} sur le port {{port}} après {{seconds}} s. Dernières lignes de son journal :\n{{log}}',
  'wireguard.start.failed.remedy': 'Lire tout le journal : ssh {{host}} {{command}}',
  'wireguard.gateway.down': '{{component}} : {{interface}} n’est pas en marche à {{site}} ({{host}}).',
  'wireguard.stop.failed':
    '{{component}} : {{interface}} est toujours là à {{site}} après l’arrêt de son service.',
  'wireguard.stop.failed.remedy':
    'Aller voir : ssh {{host}} {{command}}, et ssh {{host}} ip link show {{interface}}',
  'wireguard.profiles.foreign':
    '{{folder}} existe sur {{host}} et n’a pas été écrit par Bascule ; il a été laissé tel quel.',
  'wireguard.profiles.folder': '{{folder}} n’a pas pu être créé sur {{host}} : {{detail}}',
  'wireguard.test.addressTaken':
    '{{component}} : {{address}} appartient à {{peer}} à {{site}} ; WireGuard la retirerait à ce client. Choisir une autre test.address.',
  'wireguard.prove.leadsElsewhere':
    '{{component}} : un tunnel neuf vers {{dialled}} mène {{tester}} à {{leadsTo}}, et non à {{expected}}.',
  'wireguard.prove.failed':
    '{{component}} : essayé depuis {{tester}}, tunnel vers {{dialled}} ({{site}}) : {{seen}}.',
  'wireguard.prove.failed.remedy':
    '`through` doit donner 200 depuis la cible ; `without` et `public` ne doivent laisser entrer personne. Voir le pare-feu de la passerelle et ce qu’il y a derrière.',

  'wireguard.finding.source-listens':
    '{{component}} : {{site}} écoute sur UDP {{port}} pour {{peers}} pairs ; l’empreinte de sa clé est {{identity}}.',
  'wireguard.finding.source-config-missing': '{{component}} : {{host}} ({{site}}) n’a pas de {{file}}.',
  'wireguard.finding.source-config-missing.remedy': 'Corriger configFile ou source.host dans le plan.',
  'wireguard.finding.source-down':
    '{{component}} : {{interface}} n’est pas en marche à {{site}} (service : {{state}}).',
  'wireguard.finding.source-down.remedy':
    'Sur {{host}}, démarrer {{unit}} ; ou corriger interface et manager dans le plan.',
  'wireguard.finding.source-port':
    '{{component}} : {{site}} écoute sur UDP {{port}}, le plan dit {{expected}}.',
  'wireguard.finding.source-port.remedy': 'Corriger port dans le plan.',
  'wireguard.finding.source-not-managed':
    '{{component}} : le gestionnaire de {{host}} ({{site}}) ne connaît pas {{unit}} : impossible de l’arrêter ni de le relancer.',
  'wireguard.finding.source-not-managed.remedy': 'Corriger manager dans le plan.',
  'wireguard.finding.peers-in-memory-only':
    '{{component}} : {{count}} pairs tournent à {{site}} sans être dans {{file}} ({{peers}}) : perdus au prochain redémarrage, ils ne déménageraient pas.',
  'wireguard.finding.peers-in-memory-only.remedy':
    'Sur {{host}}, les écrire dans {{file}}, ou les retirer : wg set {{interface}} peer … remove',
  'wireguard.finding.other-key':
    '{{component}} : la clé privée du plan a l’empreinte {{planned}}, la passerelle de {{site}} a {{identity}} : aucun client ne reconnaîtrait la cible.',
  'wireguard.finding.other-key.remedy':
    'Donner la clé de {{file}} dans privateKey, ou choisir identity: new.',
  'wireguard.finding.preshared-unknown':
    '{{component}} : le plan ne dit pas où est la clé partagée de {{peers}}.',
  'wireguard.finding.preshared-unknown.remedy': 'Donner clients.<nom>.presharedKey pour chacun.',
  'wireguard.finding.config-open':
    '{{component}} : {{file}} sur {{host}} a le mode {{mode}} ; il contient une clé privée.',
  'wireguard.finding.config-open.remedy': 'Sur {{host}} : chmod 0600 {{file}}',
  'wireguard.finding.hooks':
    '{{component}} : {{file}} à {{site}} a des lignes {{hooks}}. Elles vont à la cible telles quelles, et nomment ce qui est à la source.',
  'wireguard.finding.hooks.remedy':
    'Les lire : ce qu’elles nomment (interfaces, adresses) doit être pareil à la cible, ou être déclaré ailleurs.',
  'wireguard.finding.saves-itself':
    '{{component}} : SaveConfig est actif dans {{file}} à {{site}} : chaque arrêt réécrit le fichier sans ses commentaires ; aucune annulation ne serait exacte.',
  'wireguard.finding.saves-itself.remedy': 'Sur {{host}}, retirer la ligne SaveConfig de {{file}}.',
  'wireguard.finding.target-missing':
    '{{component}} : le gestionnaire de {{host}} ({{site}}) ne connaît pas {{unit}}.',
  'wireguard.finding.target-missing.remedy':
    'Installer WireGuard et son service sur {{host}}, arrêté et désactivé ; aucune configuration n’est nécessaire.',
  'wireguard.finding.target-config':
    '{{component}} : {{host}} ({{site}}) a déjà un {{file}} (SHA-256 {{sha256}}…). La préparation en garde une copie et le remplace.',
  'wireguard.finding.target-config.remedy':
    'S’il sert à quelqu’un, donner au VPN une autre interface, un autre fichier et un autre port à la cible.',
  'wireguard.finding.tester-tools':
    '{{component}} : il manque {{programs}} à {{tester}} : aucun tunnel ne peut être essayé de là.',
  'wireguard.finding.tester-tools.remedy':
    'L’installer sur {{tester}} (Debian : wireguard-tools, curl, iproute2 ; wireguard-go si le noyau n’en a pas).',
  'wireguard.finding.test-address-taken':
    '{{component}} : l’adresse du client d’essai {{address}} appartient à {{peer}} à {{site}} ; WireGuard la retirerait à ce client.',
  'wireguard.finding.test-address-taken.remedy': 'Choisir une test.address libre.',
  'wireguard.finding.clients-by-name':
    '{{component}} : {{count}} clients appellent un nom ({{peers}}). WireGuard ne le résout qu’une fois : tant qu’ils ne sont pas relancés, ils envoient à {{endpoint}}, que personne ne renvoie.',
  'wireguard.finding.clients-by-name.remedy':
    'Envoyer à chacun son nouveau profil ({{directory}}), ou lui faire installer le relanceur écrit à côté des profils, ou faire renvoyer UDP {{port}} depuis {{endpoint}} par un forwarder.',
  'wireguard.finding.clients-by-name.covered':
    '{{component}} : {{count}} clients appellent un nom ({{peers}}). WireGuard ne le résout qu’une fois : tant qu’ils ne sont pas relancés, ils envoient à {{endpoint}}, que {{forwarder}} renvoie.',
  'wireguard.finding.clients-by-name.covered.remedy':
    'Avant de retirer {{forwarder}}, envoyer à chacun son nouveau profil ({{directory}}), ou lui faire installer le relanceur écrit à côté des profils ; clientsStillAtSource dit qui reste.',
  'wireguard.finding.clients-by-address':
    '{{component}} : {{count}} clients appellent {{endpoint}} même ({{peers}}), que personne ne renvoie : après la bascule, ils n’atteignent personne.',
  'wireguard.finding.clients-by-address.remedy':
    'Envoyer à chacun son nouveau profil ({{directory}}), ou faire renvoyer UDP {{port}} depuis {{endpoint}} par un forwarder. Un relanceur ne leur sert à rien.',
  'wireguard.finding.clients-by-address.covered':
    '{{component}} : {{count}} clients appellent {{endpoint}} même ({{peers}}) ; {{forwarder}} les renvoie.',
  'wireguard.finding.clients-by-address.covered.remedy':
    'Avant de retirer {{forwarder}}, envoyer à chacun son nouveau profil ({{directory}}) ; clientsStillAtSource dit qui reste.',
  'wireguard.finding.clients-by-unknown':
    '{{component}} : pour {{count}} clients ({{peers}}), on ignore s’ils appellent un nom ou une adresse : la passerelle ne peut pas le voir. Personne ne renvoie ce qui arrive à {{endpoint}}.',
  'wireguard.finding.clients-by-unknown.remedy':
    'Leur demander, et le dire dans clients.<nom>.reaches ; ou faire renvoyer UDP {{port}} depuis {{endpoint}} par un forwarder ; les nouveaux profils sont écrits dans {{directory}}.',
  'wireguard.finding.clients-by-unknown.covered':
    '{{component}} : pour {{count}} clients ({{peers}}), on ignore s’ils appellent un nom ou une adresse : la passerelle ne peut pas le voir. {{forwarder}} renvoie ce qui arrive à {{endpoint}}.',
  'wireguard.finding.clients-by-unknown.covered.remedy':
    'Avant de retirer {{forwarder}}, leur demander, et le dire dans clients.<nom>.reaches ; clientsStillAtSource dit qui reste.',
  'wireguard.finding.clients-follow':
    '{{component}} : {{count}} clients résolvent de nouveau le nom d’eux-mêmes ({{peers}}).',
  'wireguard.finding.clients-need-profiles':
    '{{component}} : identity: new. Aucun des {{count}} clients ({{peers}}) n’entre à la cible avant d’avoir son nouveau profil.',
  'wireguard.finding.clients-need-profiles.remedy':
    'Envoyer les profils de {{directory}} dès que la préparation les a écrits ; ou choisir identity: same.',

  'wireguard.spec.absolute': 'un chemin qui commence par /',
  'wireguard.spec.network': 'un réseau, p. ex. 10.8.0.0/24',
  'wireguard.spec.address': 'une adresse IP : un nom interrogerait le DNS qui déménage',
  'wireguard.spec.url': 'une URL http:// ou https://',
  'wireguard.spec.header': 'le nom d’un en-tête, p. ex. X-Site',
  'wireguard.spec.interface': 'le nom d’une interface : au plus 15 lettres, chiffres et _ = + . -',
  'wireguard.spec.dnsName': 'un nom DNS, p. ex. vpn.example.org',
  'wireguard.spec.privateKey': 'la clé privée de la source, qu’exige identity: same (file:, env: ou cmd:)',
}
