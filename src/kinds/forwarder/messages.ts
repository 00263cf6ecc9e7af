import type { Catalogues } from '../../model/text.ts'

export const messages: Catalogues = {
  en: {
    'forwarder.spec.address': 'an IP address: a name would lead wherever the DNS says by then',
    'forwarder.spec.absolute': 'a path that begins with /, without spaces or quotes',
    'forwarder.spec.service': 'small letters, digits and dashes, a letter first',
    'forwarder.spec.family': 'from and to are both IPv4 or both IPv6',
    'forwarder.spec.table': 'a family (ip, ip6 or inet) and a table, e.g. inet filter',
    'forwarder.spec.chain': 'the name of a chain',
    'forwarder.forward.title': '{{host}}: the old addresses pass on {{services}} to the new ones',
    'forwarder.forward.byHand':
      'On {{host}}: nft delete table inet {{table}}; in {{chains}} delete the rules whose comment begins with "{{mark}} " (nft -a list ruleset); rm -f {{file}}; then conntrack -D for the forwarded ports.',
    'forwarder.dryRun.title': '{{host}}: the forwarding rules are judged by the kernel, and not loaded',
    'forwarder.dryRun.noUndo': 'Nothing was changed.',
    'forwarder.measure.lateClients': '{{component}}: clients that still use an old address',
    'forwarder.measure.secondsSinceLastClient': '{{component}}: time since a client last used an old address',
    'forwarder.measure.deadAddresses': '{{component}}: services that do not answer at their old address',
    'forwarder.to.closed': '{{host}} cannot connect to {{services}}: late clients would be led nowhere.',
    'forwarder.to.closed.remedy':
      'Start what shall answer there, and let {{host}} through the new site’s firewall; then retry the step.',
    'forwarder.dead': 'Asked at its old address, this does not answer, or is not passed on: {{services}}.',
    'forwarder.dead.remedy': 'See what drops it: ssh {{host}} nft list ruleset, and conntrack -L',
    'forwarder.table.taken': '{{host}} has a table inet {{table}} that is not of our making.',
    'forwarder.table.taken.remedy':
      'Look at it (ssh {{host}} nft list table inet {{table}}), and rename or delete it.',
    'forwarder.file.taken': '{{file}} on {{host}} is not of our making.',
    'forwarder.file.taken.remedy': 'Name another file in persist, or move that one away.',
    'forwarder.finding.file-taken': '{{file}} on {{host}} is not of our making.',
    'forwarder.finding.file-taken.remedy': 'Name another file in persist, or move that one away.',
    'forwarder.finding.no-directory': '{{host}} has no directory for {{file}}.',
    'forwarder.finding.no-directory.remedy': 'Make it: ssh {{host}} install -d "$(dirname {{file}})"',
    'forwarder.finding.ready': '{{host}} can pass on {{services}} ports to the new addresses.',
    'forwarder.finding.late':
      'In the last {{minutes}} min {{count}} clients came to an old address of {{host}}, and were passed on: {{clients}}.',
    'forwarder.finding.late.remedy':
      'Have their resolvers, profiles or bookmarks put right before the old site goes.',
    'forwarder.finding.nobody': 'Nobody has come to an old address of {{host}} for {{hours}} h.',
    'forwarder.finding.missing': '{{host}} lacks {{programs}}.',
    'forwarder.finding.missing.remedy': 'ssh {{host}} apt install nftables conntrack',
    'forwarder.finding.taken': '{{host}} has a table inet {{table}} that is not of our making.',
    'forwarder.finding.taken.remedy':
      'Look at it (ssh {{host}} nft list table inet {{table}}), and rename or delete it.',
    'forwarder.finding.forwarding-off': '{{host}} forwards no {{family}}.',
    'forwarder.finding.forwarding-off.remedy':
      'Switch it on, for good: ssh {{host}} sysctl net.ipv4.ip_forward=1 (IPv6: net.ipv6.conf.all.forwarding=1), and in /etc/sysctl.d.',
    'forwarder.finding.dropped':
      'The chain {{chain}} of {{dropTable}} on {{host}} drops what it does not know: what is passed on would end there.',
    'forwarder.finding.dropped.remedy':
      'Let the forwarder place its rules there, acceptIn: [{table: {{dropTable}}, chain: {{chain}}}], or give that chain the rule: ct status dnat accept',
    'forwarder.finding.no-chain': '{{host}} has no chain {{chain}}, where the plan wants rules placed.',
    'forwarder.finding.no-chain.remedy': 'Correct acceptIn: ssh {{host}} nft list chains',
    'forwarder.finding.not-there': '{{host}} does not have the address {{address}} itself.',
    'forwarder.finding.not-there.remedy':
      'If a router before it translates that address, give as `from` the one that {{host}} sees.',
    'forwarder.finding.earlier':
      'The chain {{chain}} on {{host}} redirects before us: what it takes is not passed on.',
    'forwarder.finding.earlier.remedy': 'See that it takes none of our ports: ssh {{host}} nft list ruleset',
    'forwarder.finding.legacy':
      '{{host}} has rules of the older iptables too ({{tables}}): they were not looked at.',
    'forwarder.finding.legacy.remedy':
      'See that none drops or redirects our ports: ssh {{host}} iptables-legacy-save',
    'forwarder.finding.unreachable': '{{host}} cannot connect yet to {{services}}.',
    'forwarder.finding.unreachable.remedy':
      'Usual while the new site is down. By the rehearsal it must answer, behind its maintenance page.',
    'forwarder.finding.not-persisted': 'A restart of {{host}} would end the forwarding.',
    'forwarder.finding.not-persisted.remedy':
      'Let its boot include a file (in /etc/nftables.conf: include "/etc/nftables.d/*.nft"), and name it: persist: {file: /etc/nftables.d/bascule-forward.nft}',
    'forwarder.finding.not-included':
      '{{boot}} on {{host}} does not include {{file}}: a restart would end the forwarding.',
    'forwarder.finding.not-included.remedy': 'Add as its last line: include "{{file}}*"',
  },
  fr: {
    'forwarder.spec.address': 'une adresse IP : un nom mènerait là où le DNS le dira à ce moment-là',
    'forwarder.spec.absolute': 'un chemin qui commence par /, sans espace ni guillemet',
    'forwarder.spec.service': 'minuscules, chiffres et tirets, une lettre d’abord',
    'forwarder.spec.family': 'from et to sont tous deux en IPv4, ou tous deux en IPv6',
    'forwarder.spec.table': 'une famille (ip, ip6 ou inet) et une table, p. ex. inet filter',
    'forwarder.spec.chain': 'le nom d’une chaîne',
    'forwarder.forward.title': '{{host}} : les anciennes adresses renvoient {{services}} vers les nouvelles',
    'forwarder.forward.byHand':
      'Sur {{host}} : nft delete table inet {{table}} ; dans {{chains}}, supprimer les règles dont le commentaire commence par « {{mark}} » (nft -a list ruleset) ; rm -f {{file}} ; puis conntrack -D pour les ports renvoyés.',
    'forwarder.dryRun.title': '{{host}} : les règles de renvoi sont jugées par le noyau, sans être chargées',
    'forwarder.dryRun.noUndo': 'Rien n’a été modifié.',
    'forwarder.measure.lateClients': '{{component}} : clients qui utilisent encore une ancienne adresse',
    'forwarder.measure.secondsSinceLastClient':
      '{{component}} : temps écoulé depuis le dernier client d’une ancienne adresse',
    'forwarder.measure.deadAddresses': '{{component}} : services sans réponse à leur ancienne adresse',
    'forwarder.to.closed':
      '{{host}} ne peut se connecter à {{services}} : les retardataires seraient menés nulle part.',
    'forwarder.to.closed.remedy':
      'Démarrer ce qui doit y répondre et laisser passer {{host}} dans le pare-feu du nouveau site, puis relancer l’étape.',
    'forwarder.dead': 'À l’ancienne adresse, ceci ne répond pas ou n’est pas renvoyé : {{services}}.',
    'forwarder.dead.remedy': 'Voir ce qui le bloque : ssh {{host}} nft list ruleset, et conntrack -L',
    'forwarder.table.taken': '{{host}} a une table inet {{table}} qui n’est pas de notre fait.',
    'forwarder.table.taken.remedy':
      'La regarder (ssh {{host}} nft list table inet {{table}}), et la renommer ou la supprimer.',
    'forwarder.file.taken': '{{file}} sur {{host}} n’est pas de notre fait.',
    'forwarder.file.taken.remedy': 'Nommer un autre fichier dans persist, ou déplacer celui-là.',
    'forwarder.finding.file-taken': '{{file}} sur {{host}} n’est pas de notre fait.',
    'forwarder.finding.file-taken.remedy': 'Nommer un autre fichier dans persist, ou déplacer celui-là.',
    'forwarder.finding.no-directory': '{{host}} n’a pas de répertoire pour {{file}}.',
    'forwarder.finding.no-directory.remedy': 'Le créer : ssh {{host}} install -d "$(dirname {{file}})"',
    'forwarder.finding.ready': '{{host}} peut renvoyer {{services}} ports vers les nouvelles adresses.',
    'forwarder.finding.late':
      'Ces {{minutes}} dernières min, {{count}} clients sont venus à une ancienne adresse de {{host}} et ont été renvoyés : {{clients}}.',
    'forwarder.finding.late.remedy':
      'Faire corriger leurs résolveurs, profils ou signets avant la fermeture de l’ancien site.',
    'forwarder.finding.nobody': 'Personne n’est venu à une ancienne adresse de {{host}} depuis {{hours}} h.',
    'forwarder.finding.missing': 'Il manque à {{host}} : {{programs}}.',
    'forwarder.finding.missing.remedy': 'ssh {{host}} apt install nftables conntrack',
    'forwarder.finding.taken': '{{host}} a une table inet {{table}} qui n’est pas de notre fait.',
    'forwarder.finding.taken.remedy':
      'La regarder (ssh {{host}} nft list table inet {{table}}), et la renommer ou la supprimer.',
    'forwarder.finding.forwarding-off': '{{host}} ne route pas l’{{family}}.',
    'forwarder.finding.forwarding-off.remedy':
      'L’activer, et pour de bon : ssh {{host}} sysctl net.ipv4.ip_forward=1 (IPv6 : net.ipv6.conf.all.forwarding=1), et dans /etc/sysctl.d.',
    'forwarder.finding.dropped':
      'La chaîne {{chain}} de {{dropTable}} sur {{host}} rejette ce qu’elle ne connaît pas : ce qui est renvoyé s’y perdrait.',
    'forwarder.finding.dropped.remedy':
      'Laisser le renvoi y placer ses règles, acceptIn: [{table: {{dropTable}}, chain: {{chain}}}], ou donner à cette chaîne la règle : ct status dnat accept',
    'forwarder.finding.no-chain': '{{host}} n’a pas de chaîne {{chain}}, où le plan veut placer des règles.',
    'forwarder.finding.no-chain.remedy': 'Corriger acceptIn : ssh {{host}} nft list chains',
    'forwarder.finding.not-there': '{{host}} ne porte pas lui-même l’adresse {{address}}.',
    'forwarder.finding.not-there.remedy':
      'Si un routeur devant lui traduit cette adresse, donner dans `from` celle que voit {{host}}.',
    'forwarder.finding.earlier':
      'La chaîne {{chain}} de {{host}} redirige avant nous : ce qu’elle prend n’est pas renvoyé.',
    'forwarder.finding.earlier.remedy':
      'Vérifier qu’elle ne prend aucun de nos ports : ssh {{host}} nft list ruleset',
    'forwarder.finding.legacy':
      '{{host}} a aussi des règles de l’ancien iptables ({{tables}}) : elles n’ont pas été examinées.',
    'forwarder.finding.legacy.remedy':
      'Vérifier qu’aucune ne rejette ou redirige nos ports : ssh {{host}} iptables-legacy-save',
    'forwarder.finding.unreachable': '{{host}} ne peut pas encore se connecter à {{services}}.',
    'forwarder.finding.unreachable.remedy':
      'Normal tant que le nouveau site est arrêté. À la répétition, il doit répondre, derrière sa page de maintenance.',
    'forwarder.finding.not-persisted': 'Un redémarrage de {{host}} mettrait fin au renvoi.',
    'forwarder.finding.not-persisted.remedy':
      'Faire inclure un fichier à son démarrage (dans /etc/nftables.conf : include "/etc/nftables.d/*.nft"), et le nommer : persist: {file: /etc/nftables.d/bascule-forward.nft}',
    'forwarder.finding.not-included':
      '{{boot}} sur {{host}} n’inclut pas {{file}} : un redémarrage mettrait fin au renvoi.',
    'forwarder.finding.not-included.remedy': 'Ajouter en dernière ligne : include "{{file}}*"',
  },
}
