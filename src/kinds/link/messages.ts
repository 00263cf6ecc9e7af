import type { Catalogues } from '../../model/text.ts'

export const messages: Catalogues = {
  en: {
    'link.unknownHost': '{{component}}: the {{side}} site has no host named {{host}}.',
    'link.measure.bandwidthMbps': '{{component}}: bandwidth, the worst sample',
    'link.measure.bandwidthSpreadPercent': '{{component}}: how far apart the bandwidth samples are',
    'link.measure.latencyMilliseconds': '{{component}}: round trip between the sites',
    'link.measure.unreachablePairs': '{{component}}: connections that do not open',
    'link.bandwidth.failed':
      'The bandwidth from {{source}} to {{target}} could not be measured on port {{port}}. {{detail}}',
    'link.bandwidth.remedy':
      'Install iperf3 on both and let port {{port}} through: ssh {{target}} iperf3 -s -1 -p {{port}}',
    'link.latency.failed': '{{source}} gets no echo from {{address}}. {{detail}}',
    'link.latency.missing': 'Install fping: ssh {{source}} apt install fping',
    'link.latency.remedy': 'Let ICMP through, then try: ssh {{source}} fping {{address}}',
    'link.finding.bandwidth': '{{mbps}} Mbit/s measured; {{declared}} declared.',
    'link.finding.slow': 'Only {{mbps}} Mbit/s measured; {{declared}} declared.',
    'link.finding.slow.remedy':
      'Find what else uses the link, or declare what it gives: every duration is computed from it.',
    'link.finding.unmeasured': 'The bandwidth could not be measured. {{detail}}',
    'link.finding.unmeasured.remedy':
      'Install iperf3 on {{source}} and {{target}}, let TCP port {{port}} through, then audit again.',
    'link.finding.unstable': 'The samples of the bandwidth are {{spread}} % apart.',
    'link.finding.unstable.remedy':
      'Find what else uses the link at that hour, and measure at the hour of the move.',
    'link.finding.closed': '{{count}} connections do not open: {{pairs}}',
    'link.finding.closed.remedy': 'Open them in the firewalls of both sites, then audit again.',
    'link.finding.no-echo': 'The round trip could not be measured. {{detail}}',
    'link.finding.no-echo.remedy': 'ssh {{source}} apt install fping, and let ICMP through.',
    'link.finding.far': 'A round trip takes {{milliseconds}} ms: small files will take longer than computed.',
    'link.finding.far.remedy': 'Count on the rehearsal’s durations instead of those computed.',
    'link.finding.losses': '{{lost}} echoes of ten were lost.',
    'link.finding.losses.remedy':
      'Have the link looked at before anything is sent: ssh {{source}} fping -C 100 {{address}}',
    'link.finding.mtu': 'Packets of more than {{mtu}} bytes do not cross whole.',
    'link.finding.mtu.remedy':
      'Set that MTU on the tunnel’s interfaces, or clamp the MSS: large transfers hang otherwise.',
  },
  fr: {
    'link.unknownHost': '{{component}} : le site {{side}} n’a pas de machine nommée {{host}}.',
    'link.measure.bandwidthMbps': '{{component}} : débit, pire échantillon',
    'link.measure.bandwidthSpreadPercent': '{{component}} : dispersion des mesures de débit',
    'link.measure.latencyMilliseconds': '{{component}} : aller-retour entre les sites',
    'link.measure.unreachablePairs': '{{component}} : connexions qui ne s’ouvrent pas',
    'link.bandwidth.failed':
      'Le débit de {{source}} vers {{target}} n’a pas pu être mesuré sur le port {{port}}. {{detail}}',
    'link.bandwidth.remedy':
      'Installer iperf3 sur les deux et ouvrir le port {{port}} : ssh {{target}} iperf3 -s -1 -p {{port}}',
    'link.latency.failed': '{{source}} ne reçoit aucun écho de {{address}}. {{detail}}',
    'link.latency.missing': 'Installer fping : ssh {{source}} apt install fping',
    'link.latency.remedy': 'Laisser passer ICMP, puis essayer : ssh {{source}} fping {{address}}',
    'link.finding.bandwidth': '{{mbps}} Mbit/s mesurés pour {{declared}} annoncés.',
    'link.finding.slow': 'Seulement {{mbps}} Mbit/s mesurés pour {{declared}} annoncés.',
    'link.finding.slow.remedy':
      'Chercher ce qui occupe aussi le lien, ou déclarer ce qu’il donne : toutes les durées en sont calculées.',
    'link.finding.unmeasured': 'Le débit n’a pas pu être mesuré. {{detail}}',
    'link.finding.unmeasured.remedy':
      'Installer iperf3 sur {{source}} et {{target}}, ouvrir le port TCP {{port}}, puis refaire l’audit.',
    'link.finding.unstable': 'Les mesures de débit s’écartent de {{spread}} %.',
    'link.finding.unstable.remedy':
      'Chercher ce qui occupe le lien à cette heure-là, et mesurer à l’heure du déménagement.',
    'link.finding.closed': '{{count}} connexions ne s’ouvrent pas : {{pairs}}',
    'link.finding.closed.remedy': 'Les ouvrir dans les pare-feu des deux sites, puis refaire l’audit.',
    'link.finding.no-echo': 'L’aller-retour n’a pas pu être mesuré. {{detail}}',
    'link.finding.no-echo.remedy': 'ssh {{source}} apt install fping, et laisser passer ICMP.',
    'link.finding.far':
      'Un aller-retour prend {{milliseconds}} ms : les petits fichiers iront moins vite que calculé.',
    'link.finding.far.remedy': 'Se fier aux durées de la répétition plutôt qu’aux durées calculées.',
    'link.finding.losses': '{{lost}} échos sur dix se sont perdus.',
    'link.finding.losses.remedy':
      'Faire examiner le lien avant tout envoi : ssh {{source}} fping -C 100 {{address}}',
    'link.finding.mtu': 'Les paquets de plus de {{mtu}} octets ne passent pas entiers.',
    'link.finding.mtu.remedy':
      'Fixer cette MTU sur les interfaces du tunnel, ou limiter le MSS : sinon les gros transferts se figent.',
  },
}
