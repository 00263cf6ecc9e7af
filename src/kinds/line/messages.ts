import type { Catalogues } from '../../model/text.ts'

export const messages: Catalogues = {
  en: {
    'line.spec.address': 'an IP address: a name would be asked of the very line that is lost',
    'line.spec.network': 'a network, e.g. 192.0.2.0/24',
    'line.spec.interface': 'the name of a network interface',
    'line.spec.url': 'a URL that begins with http:// or https://',
    'line.spec.urlOrPort': 'either url or port',
    'line.spec.cap': 'capMbps is below declaredMbps: the rest is for people',
    'line.cap.title':
      '{{host}}: what the sites exchange over {{interface}} is held to {{mbps}} Mbit/s each way',
    'line.cap.byHand':
      'On {{host}}: tc qdisc delete dev {{interface}} clsact; ip link delete {{up}}; ip link delete {{down}}',
    'line.uncap.title': '{{host}}: the cap on {{interface}} is taken away',
    'line.uncap.byHand': 'None is needed: nothing heavy goes between the sites any more.',
    'line.lost.backupThere':
      'The main line is lost: {{address}} does not answer {{source}}. {{target}} is reached over its backup line.',
    'line.lost.nothing':
      'The main line is lost: {{address}} does not answer {{source}}, and the backup line does not answer either.',
    'line.echo.missing': '{{host}} has no fping: nothing can be said of the line.',
    'line.echo.missing.remedy': 'ssh {{host}} apt install fping',
    'line.curl.missing': '{{host}} has no curl.',
    'line.curl.missing.remedy': 'ssh {{host}} apt install curl',
    'line.backup.unmeasured':
      'The backup line could not be measured from {{from}} to {{address}}. {{detail}}',
    'line.backup.unmeasured.remedy': 'Install iperf3 on both, and let TCP port {{port}} through to {{host}}.',
    'line.measure.mainLineLost': '{{component}}: main line lost',
    'line.measure.unreachableThroughBackup':
      '{{component}}: services that do not answer over the backup line',
    'line.measure.backupMbps': '{{component}}: bandwidth of the backup line',
    'line.measure.capMissing': '{{component}}: backup line without its cap',
    'line.finding.both-there':
      'Both lines of {{target}} answer; the sites may use {{cap}} of the backup’s {{mbps}} Mbit/s.',
    'line.finding.missing': 'Programs are missing: {{programs}}.',
    'line.finding.missing.remedy': 'Install them (Debian: fping, iproute2, iperf3), then audit again.',
    'line.finding.no-interface': '{{target}} has no interface {{name}}.',
    'line.finding.no-interface.remedy': 'Correct the plan: ssh {{target}} ip -brief link',
    'line.finding.no-carrier': 'The interface {{name}} of {{target}} has no carrier.',
    'line.finding.no-carrier.remedy': 'See to its cable or modem: ssh {{target}} ip -brief link',
    'line.finding.ingress-taken': '{{backup}} of {{target}} has an `ingress` queue, where the cap has to be.',
    'line.finding.ingress-taken.remedy':
      'Make it a clsact, which holds the same filters: ssh {{target}} tc qdisc show dev {{backup}}',
    'line.finding.main-silent': '{{source}} gets no echo from {{main}} over the main line.',
    'line.finding.main-silent.remedy':
      'Have the line looked at, or let ICMP through: a run would wait for it. ssh {{source}} fping {{main}}',
    'line.finding.no-address': '{{target}} does not have the address {{address}} on {{backup}}.',
    'line.finding.no-address.remedy': 'Bring the backup line up, or correct the plan.',
    'line.finding.backup-silent': '{{source}} gets no echo from {{address}} over the backup line.',
    'line.finding.backup-silent.remedy': 'Try the line before the night: ssh {{source}} fping {{address}}',
    'line.finding.answers-elsewhere':
      'What {{target}} is asked at {{address}} it answers by {{leaves}}: operators drop foreign senders.',
    'line.finding.answers-elsewhere.remedy':
      'Give the address a route of its own: ip rule add from {{address}} lookup 5; ip route add default dev {{backup}} table 5',
  },
  fr: {
    'line.spec.address': 'une adresse IP : un nom serait demandé par la ligne même qui est perdue',
    'line.spec.network': 'un réseau, p. ex. 192.0.2.0/24',
    'line.spec.interface': 'le nom d’une interface réseau',
    'line.spec.url': 'une URL qui commence par http:// ou https://',
    'line.spec.urlOrPort': 'soit url, soit port',
    'line.spec.cap': 'capMbps est inférieur à declaredMbps : le reste est pour les gens',
    'line.cap.title':
      '{{host}} : ce que les sites échangent par {{interface}} est limité à {{mbps}} Mbit/s dans chaque sens',
    'line.cap.byHand':
      'Sur {{host}} : tc qdisc delete dev {{interface}} clsact ; ip link delete {{up}} ; ip link delete {{down}}',
    'line.uncap.title': '{{host}} : la limite sur {{interface}} est retirée',
    'line.uncap.byHand': 'Rien à faire : plus rien de lourd ne passe entre les sites.',
    'line.lost.backupThere':
      'La ligne principale est perdue : {{address}} ne répond pas à {{source}}. {{target}} reste joint par sa ligne de secours.',
    'line.lost.nothing':
      'La ligne principale est perdue : {{address}} ne répond pas à {{source}}, et la ligne de secours ne répond pas non plus.',
    'line.echo.missing': '{{host}} n’a pas fping : on ne peut rien dire de la ligne.',
    'line.echo.missing.remedy': 'ssh {{host}} apt install fping',
    'line.curl.missing': '{{host}} n’a pas curl.',
    'line.curl.missing.remedy': 'ssh {{host}} apt install curl',
    'line.backup.unmeasured':
      'La ligne de secours n’a pas pu être mesurée de {{from}} vers {{address}}. {{detail}}',
    'line.backup.unmeasured.remedy':
      'Installer iperf3 des deux côtés et ouvrir le port TCP {{port}} vers {{host}}.',
    'line.measure.mainLineLost': '{{component}} : ligne principale perdue',
    'line.measure.unreachableThroughBackup': '{{component}} : services sans réponse par la ligne de secours',
    'line.measure.backupMbps': '{{component}} : débit de la ligne de secours',
    'line.measure.capMissing': '{{component}} : ligne de secours sans sa limite',
    'line.finding.both-there':
      'Les deux lignes de {{target}} répondent ; les sites peuvent prendre {{cap}} des {{mbps}} Mbit/s du secours.',
    'line.finding.missing': 'Il manque des programmes : {{programs}}.',
    'line.finding.missing.remedy': 'Les installer (Debian : fping, iproute2, iperf3), puis refaire l’audit.',
    'line.finding.no-interface': '{{target}} n’a pas d’interface {{name}}.',
    'line.finding.no-interface.remedy': 'Corriger le plan : ssh {{target}} ip -brief link',
    'line.finding.no-carrier': 'L’interface {{name}} de {{target}} n’a pas de porteuse.',
    'line.finding.no-carrier.remedy': 'Vérifier son câble ou son modem : ssh {{target}} ip -brief link',
    'line.finding.ingress-taken':
      '{{backup}} de {{target}} a une file `ingress`, là où la limite doit se placer.',
    'line.finding.ingress-taken.remedy':
      'En faire une clsact, qui porte les mêmes filtres : ssh {{target}} tc qdisc show dev {{backup}}',
    'line.finding.main-silent': '{{source}} ne reçoit aucun écho de {{main}} par la ligne principale.',
    'line.finding.main-silent.remedy':
      'Faire examiner la ligne, ou laisser passer ICMP : une exécution l’attendrait. ssh {{source}} fping {{main}}',
    'line.finding.no-address': '{{target}} n’a pas l’adresse {{address}} sur {{backup}}.',
    'line.finding.no-address.remedy': 'Monter la ligne de secours, ou corriger le plan.',
    'line.finding.backup-silent': '{{source}} ne reçoit aucun écho de {{address}} par la ligne de secours.',
    'line.finding.backup-silent.remedy': 'Essayer la ligne avant la nuit : ssh {{source}} fping {{address}}',
    'line.finding.answers-elsewhere':
      'Ce qu’on demande à {{target}} à l’adresse {{address}} reçoit sa réponse par {{leaves}} : les opérateurs jettent les expéditeurs étrangers.',
    'line.finding.answers-elsewhere.remedy':
      'Donner sa propre route à cette adresse : ip rule add from {{address}} lookup 5 ; ip route add default dev {{backup}} table 5',
  },
}
