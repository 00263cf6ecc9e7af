import type { Catalogues } from '../../model/text.ts'
import { providerMessages } from './messages-providers.ts'

export const messages: Catalogues = {
  en: {
    ...providerMessages.en,
    'dns.lowerTtl.title': 'Lower the TTL of {{records}} records of {{zone}}',
    'dns.waitOldTtl.title': 'Wait until caches have dropped the old TTL of {{zone}}',
    'dns.switchNames.title': 'Switch {{records}} records of {{zone}} to the target',
    'dns.waitResolvers.title': 'Wait until the resolvers give the new addresses of {{zone}}',
    'dns.restoreTtl.title': 'Restore the TTL of {{records}} records of {{zone}}',
    'dns.dryRun.title': 'Try out the update of {{records}} records of {{zone}} without changing them',

    'dns.measure.serversDisagreeing': '{{component}}: authoritative servers that are silent or disagree',
    'dns.measure.secondariesBehind': '{{component}}: authoritative servers whose zone is not the primary’s',
    'dns.measure.ttlSeconds': '{{component}}: highest TTL',
    'dns.measure.oldTtlSecondsLeft': '{{component}}: time until caches have dropped the old TTL',
    'dns.measure.recordsChanged': '{{component}}: records that no longer say what the plan expects',

    'dns.undo.nothing': 'It changes nothing, so there is nothing to undo.',
    'dns.byHand.nsupdate.lowerTtl':
      'With nsupdate at {{server}} (key {{key}}), give the records of {{zone}} the TTL that the audit recorded.',
    'dns.byHand.nsupdate.switchNames':
      'With nsupdate at {{server}} (key {{key}}), give the records of {{zone}} the data that the plan names "source", and check each authoritative server.',
    'dns.byHand.nsupdate.restoreTtl':
      'With nsupdate at {{server}} (key {{key}}), give the records of {{zone}} the low TTL.',

    'dns.records.left':
      'Somebody changed records during the night: they are left as they are, all others are back. At {{server}}: {{records}}.',
    'dns.records.changed':
      'Somebody changed records since the plan was made; nothing was sent. At {{server}}: {{records}}.',
    'dns.records.changed.remedy':
      'Find out who changed them. Then put them back, or correct the plan, and order a retry.',
    'dns.server.silent': 'The server that takes the updates does not answer: {{servers}}.',
    'dns.server.silent.remedy': 'Check that it runs and that this machine reaches it; then order a retry.',
    'dns.servers.outOfStep':
      'After {{seconds}} s authoritative servers are silent or do not follow the primary; nothing was sent: {{servers}}.',
    'dns.servers.outOfStep.remedy':
      'Check the zone transfer (NOTIFY, transfer rights, key) to these servers, then order a retry.',
    'dns.servers.late': 'After {{seconds}} s not every authoritative server serves the change: {{servers}}.',
    'dns.servers.late.remedy': 'Check the zone transfer (NOTIFY, serial) to these servers.',
    'dns.resolvers.late': 'After {{seconds}} s resolvers still give something else: {{servers}}.',
    'dns.resolvers.late.remedy': 'Flush the cache of these resolvers, or check which servers they ask.',

    'dns.update.BADKEY': '{{server}} does not know the TSIG key "{{key}}"; nothing was changed.',
    'dns.update.BADKEY.remedy': 'Correct update.tsig.name or algorithm, or give the server this key.',
    'dns.update.BADSIG':
      '{{server}} refused the signature of key "{{key}}": the secret is wrong. Nothing was changed.',
    'dns.update.BADSIG.remedy': 'Correct the secret that {{reference}} holds.',
    'dns.update.BADTIME': '{{server}} refused the signature of key "{{key}}": the clocks differ by minutes.',
    'dns.update.BADTIME.remedy': 'Set the clock of this machine and of the server (NTP).',
    'dns.update.BADSECRET': 'The secret of TSIG key "{{key}}" is not base64; nothing was sent.',
    'dns.update.BADSECRET.remedy': 'Correct the secret that {{reference}} holds.',
    'dns.update.REFUSED': '{{server}} refuses updates of {{zone}} with key "{{key}}"; nothing was changed.',
    'dns.update.REFUSED.remedy': 'Allow the key to update these records in the server’s configuration.',
    'dns.update.NOTAUTH':
      '{{server}} is not the primary of {{zone}}, or the key "{{key}}" is not for this zone.',
    'dns.update.NOTAUTH.remedy': 'Correct update.server or zone. To see the primary, type: {{command}}',
    'dns.update.SILENT': '{{server}} does not answer updates: {{detail}}',
    'dns.update.SILENT.remedy': 'Check that it runs and that TCP reaches it: {{command}} +tcp',
    'dns.update.NXRRSET': '{{server}} holds other data than expected in {{zone}}; nothing was changed.',
    'dns.update.NXRRSET.remedy': 'Look at the records, then audit again.',
    'dns.update.other': '{{server}} did not accept the update of {{zone}} ({{code}}): {{detail}}',
    'dns.update.other.remedy': 'Read the server’s log. To see the zone, type: {{command}}',

    'dns.finding.records-agree':
      'All {{records}} records are as planned at each of {{servers}} authoritative servers.',
    'dns.finding.server-silent': 'Authoritative server {{server}} does not answer. {{silence}}',
    'dns.finding.server-silent.remedy': 'Start it, or take it out of the zone and of `servers`.',
    'dns.finding.zone-missing':
      'Authoritative server {{server}} does not hold {{zone}} ({{code}}); {{primary}} has serial {{primarySerial}}.',
    'dns.finding.zone-missing.remedy':
      'Make it take the zone (transfer rights, key, NOTIFY), or take it out of the zone and of `servers`.',
    'dns.finding.secondary-behind':
      '{{server}} did not take {{zone}} as it is now: its serial is {{serial}}, {{primary}} has {{primarySerial}}. Its users would stay at the source.',
    'dns.finding.secondary-behind.remedy':
      'Check the zone transfer to it (NOTIFY, transfer rights, key), then audit again.',
    'dns.finding.secondary-ahead':
      '{{server}} has serial {{serial}} of {{zone}}, ahead of {{primarySerial}} at {{primary}}: it takes no change until the primary has passed it.',
    'dns.finding.secondary-ahead.remedy':
      'Raise the serial at the primary above it, or make the server take the zone anew.',
    'dns.finding.address-unplanned':
      '{{zone}} also holds {{record}} ({{data}}), which the plan does not move: whoever uses it stays where it leads.',
    'dns.finding.address-unplanned.remedy': 'Add it to `records`, or take it out of the zone.',
    'dns.finding.resolver-keeps-longer':
      'Resolver {{server}} keeps records longer than the zone says: {{record}} for {{keptSeconds}} s more, where the TTL is {{ttlSeconds}} s. Its users come to the old addresses after the switch.',
    'dns.finding.resolver-keeps-longer.remedy':
      'Keep a forwarder at the old addresses until nobody comes there any more.',
    'dns.finding.not-authoritative': '{{server}} has no authority over {{record}}.',
    'dns.finding.not-authoritative.remedy':
      'List only authoritative servers in `servers`; resolvers go to `resolvers`.',
    'dns.finding.record-differs':
      '{{record}} at {{server}} says {{said}}, the plan’s source says {{planned}}: somebody changed it, or the plan is wrong.',
    'dns.finding.record-differs.remedy': 'Correct the record or the plan.',
    'dns.finding.ttl-high':
      'The TTL is {{ttlSeconds}} s, where {{lowTtlSeconds}} s are planned: some users would go on to the source for that long, in a window of {{windowMinutes}} min.',
    'dns.finding.ttl-high.remedy':
      'Type: bascule replicate. It lowers the TTL, and is done {{ttlSeconds}} s later at the earliest.',
    'dns.finding.resolver-silent': 'Resolver {{server}} does not answer. {{silence}}',
    'dns.finding.resolver-silent.remedy':
      'Start it, or take it out of `resolvers`: the switch would wait for it in vain.',
    'dns.finding.resolver-differs': 'Resolver {{server}} gives {{said}} for {{record}}.',
    'dns.finding.resolver-differs.remedy': 'Flush its cache, or check which servers it asks.',
    'dns.finding.server-unlisted':
      'The zone {{zone}} names the server {{name}} ({{addresses}}), which the plan does not list.',
    'dns.finding.server-unlisted.remedy': 'Add it to `servers`, so that the switch waits for it too.',

    'dns.spec.name': 'a DNS name: letters, digits, - and _, with dots between; @ for the zone itself',
    'dns.spec.address': 'an IPv4 or IPv6 address',
    'dns.spec.ipv4': 'an IPv4 address',
    'dns.spec.ipv6': 'an IPv6 address',
    'dns.spec.mx': 'a preference and a name, as `10 mail`',
    'dns.spec.txt': 'a text whose strings between quotes have at most 255 bytes each',
    'dns.spec.outside': 'a name of the zone; names of another zone belong to a component of their own',
    'dns.spec.twice': 'one entry for each name and type, with all its values',
    'dns.spec.reverse': 'PTR only in a reverse zone (in-addr.arpa, ip6.arpa), as a component of its own',
    'dns.spec.nothing': 'a value on one side at least',
  },
  fr: {
    ...providerMessages.fr,
    'dns.lowerTtl.title': 'Baisse du TTL de {{records}} enregistrements de {{zone}}',
    'dns.waitOldTtl.title': 'Attente de l’oubli de l’ancien TTL de {{zone}} par les caches',
    'dns.switchNames.title': 'Bascule de {{records}} enregistrements de {{zone}} vers la cible',
    'dns.waitResolvers.title': 'Attente des nouvelles adresses de {{zone}} dans les résolveurs',
    'dns.restoreTtl.title': 'Rétablissement du TTL de {{records}} enregistrements de {{zone}}',
    'dns.dryRun.title': 'Essai à blanc de la mise à jour de {{records}} enregistrements de {{zone}}',

    'dns.measure.serversDisagreeing': '{{component}} : serveurs faisant autorité muets ou en désaccord',
    'dns.measure.secondariesBehind':
      '{{component}} : serveurs faisant autorité dont la zone n’est pas celle du primaire',
    'dns.measure.ttlSeconds': '{{component}} : TTL le plus élevé',
    'dns.measure.oldTtlSecondsLeft':
      '{{component}} : temps restant avant l’oubli de l’ancien TTL par les caches',
    'dns.measure.recordsChanged': '{{component}} : enregistrements qui ne disent plus ce que prévoit le plan',

    'dns.undo.nothing': 'L’étape ne change rien : il n’y a rien à défaire.',
    'dns.byHand.nsupdate.lowerTtl':
      'Avec nsupdate sur {{server}} (clé {{key}}), rendre aux enregistrements de {{zone}} le TTL relevé par l’audit.',
    'dns.byHand.nsupdate.switchNames':
      'Avec nsupdate sur {{server}} (clé {{key}}), rendre aux enregistrements de {{zone}} les données « source » du plan, puis vérifier chaque serveur faisant autorité.',
    'dns.byHand.nsupdate.restoreTtl':
      'Avec nsupdate sur {{server}} (clé {{key}}), donner le TTL bas aux enregistrements de {{zone}}.',

    'dns.records.left':
      'Quelqu’un a changé des enregistrements pendant la nuit : ils restent tels quels, tous les autres sont revenus. Sur {{server}} : {{records}}.',
    'dns.records.changed':
      'Des enregistrements ont été modifiés depuis l’écriture du plan ; rien n’a été envoyé. Sur {{server}} : {{records}}.',
    'dns.records.changed.remedy':
      'Chercher qui les a modifiés. Puis les remettre, ou corriger le plan, et ordonner un nouvel essai.',
    'dns.server.silent': 'Le serveur qui reçoit les mises à jour ne répond pas : {{servers}}.',
    'dns.server.silent.remedy':
      'Vérifier qu’il tourne et que ce poste le joint ; puis ordonner un nouvel essai.',
    'dns.servers.outOfStep':
      'Après {{seconds}} s, des serveurs faisant autorité sont muets ou ne suivent pas le primaire ; rien n’a été envoyé : {{servers}}.',
    'dns.servers.outOfStep.remedy':
      'Vérifier le transfert de zone (NOTIFY, droit de transfert, clé) vers ces serveurs, puis ordonner un nouvel essai.',
    'dns.servers.late':
      'Après {{seconds}} s, tous les serveurs faisant autorité ne servent pas le changement : {{servers}}.',
    'dns.servers.late.remedy': 'Vérifier le transfert de zone (NOTIFY, numéro de série) vers ces serveurs.',
    'dns.resolvers.late': 'Après {{seconds}} s, des résolveurs donnent encore autre chose : {{servers}}.',
    'dns.resolvers.late.remedy':
      'Vider le cache de ces résolveurs, ou vérifier quels serveurs ils interrogent.',

    'dns.update.BADKEY': '{{server}} ne connaît pas la clé TSIG « {{key}} » ; rien n’a été modifié.',
    'dns.update.BADKEY.remedy': 'Corriger update.tsig.name ou algorithm, ou donner cette clé au serveur.',
    'dns.update.BADSIG':
      '{{server}} a refusé la signature de la clé « {{key}} » : le secret est faux. Rien n’a été modifié.',
    'dns.update.BADSIG.remedy': 'Corriger le secret désigné par {{reference}}.',
    'dns.update.BADTIME':
      '{{server}} a refusé la signature de la clé « {{key}} » : les horloges diffèrent de plusieurs minutes.',
    'dns.update.BADTIME.remedy': 'Mettre à l’heure ce poste et le serveur (NTP).',
    'dns.update.BADSECRET': 'Le secret de la clé TSIG « {{key}} » n’est pas en base64 ; rien n’a été envoyé.',
    'dns.update.BADSECRET.remedy': 'Corriger le secret désigné par {{reference}}.',
    'dns.update.REFUSED':
      '{{server}} refuse les mises à jour de {{zone}} avec la clé « {{key}} » ; rien n’a été modifié.',
    'dns.update.REFUSED.remedy':
      'Autoriser la clé à modifier ces enregistrements dans la configuration du serveur.',
    'dns.update.NOTAUTH':
      '{{server}} n’est pas le primaire de {{zone}}, ou la clé « {{key}} » ne vaut pas pour cette zone.',
    'dns.update.NOTAUTH.remedy': 'Corriger update.server ou zone. Pour voir le primaire, taper : {{command}}',
    'dns.update.SILENT': '{{server}} ne répond pas aux mises à jour : {{detail}}',
    'dns.update.SILENT.remedy': 'Vérifier qu’il tourne et qu’il est joignable en TCP : {{command}} +tcp',
    'dns.update.NXRRSET':
      '{{server}} contient d’autres données que prévu dans {{zone}} ; rien n’a été modifié.',
    'dns.update.NXRRSET.remedy': 'Examiner les enregistrements, puis refaire l’audit.',
    'dns.update.other': '{{server}} n’a pas accepté la mise à jour de {{zone}} ({{code}}) : {{detail}}',
    'dns.update.other.remedy': 'Lire le journal du serveur. Pour voir la zone, taper : {{command}}',

    'dns.finding.records-agree':
      'Les {{records}} enregistrements sont conformes au plan sur chacun des {{servers}} serveurs faisant autorité.',
    'dns.finding.server-silent': 'Le serveur faisant autorité {{server}} ne répond pas. {{silence}}',
    'dns.finding.server-silent.remedy': 'Le démarrer, ou le retirer de la zone et de `servers`.',
    'dns.finding.zone-missing':
      'Le serveur faisant autorité {{server}} ne détient pas {{zone}} ({{code}}) ; {{primary}} en est au numéro de série {{primarySerial}}.',
    'dns.finding.zone-missing.remedy':
      'Lui faire prendre la zone (droit de transfert, clé, NOTIFY), ou le retirer de la zone et de `servers`.',
    'dns.finding.secondary-behind':
      '{{server}} n’a pas pris {{zone}} dans son état actuel : son numéro de série est {{serial}}, celui de {{primary}} est {{primarySerial}}. Ses utilisateurs resteraient sur la source.',
    'dns.finding.secondary-behind.remedy':
      'Vérifier le transfert de zone vers lui (NOTIFY, droit de transfert, clé), puis refaire l’audit.',
    'dns.finding.secondary-ahead':
      '{{server}} en est au numéro de série {{serial}} de {{zone}}, en avance sur {{primarySerial}} chez {{primary}} : il ne prend aucun changement tant que le primaire ne l’a pas dépassé.',
    'dns.finding.secondary-ahead.remedy':
      'Porter le numéro de série du primaire au-dessus, ou faire reprendre la zone entière à ce serveur.',
    'dns.finding.address-unplanned':
      '{{zone}} contient aussi {{record}} ({{data}}), que le plan ne bascule pas : ceux qui s’en servent restent là où il mène.',
    'dns.finding.address-unplanned.remedy': 'L’ajouter à `records`, ou le retirer de la zone.',
    'dns.finding.resolver-keeps-longer':
      'Le résolveur {{server}} garde les enregistrements plus longtemps que la zone ne le dit : {{record}} encore {{keptSeconds}} s, pour un TTL de {{ttlSeconds}} s. Ses utilisateurs viendront aux anciennes adresses après la bascule.',
    'dns.finding.resolver-keeps-longer.remedy':
      'Garder un relais aux anciennes adresses tant que quelqu’un y vient.',
    'dns.finding.not-authoritative': '{{server}} ne fait pas autorité sur {{record}}.',
    'dns.finding.not-authoritative.remedy':
      'N’inscrire dans `servers` que des serveurs faisant autorité ; les résolveurs vont dans `resolvers`.',
    'dns.finding.record-differs':
      '{{record}} sur {{server}} dit {{said}}, la source du plan dit {{planned}} : quelqu’un l’a modifié, ou le plan est faux.',
    'dns.finding.record-differs.remedy': 'Corriger l’enregistrement ou le plan.',
    'dns.finding.ttl-high':
      'Le TTL est de {{ttlSeconds}} s, {{lowTtlSeconds}} s sont prévues : des utilisateurs continueraient d’aller à la source pendant ce temps, dans une fenêtre de {{windowMinutes}} min.',
    'dns.finding.ttl-high.remedy':
      'Taper : bascule replicate. Le TTL est baissé, et l’attente finit au plus tôt {{ttlSeconds}} s plus tard.',
    'dns.finding.resolver-silent': 'Le résolveur {{server}} ne répond pas. {{silence}}',
    'dns.finding.resolver-silent.remedy':
      'Le démarrer, ou le retirer de `resolvers` : la bascule l’attendrait en vain.',
    'dns.finding.resolver-differs': 'Le résolveur {{server}} donne {{said}} pour {{record}}.',
    'dns.finding.resolver-differs.remedy': 'Vider son cache, ou vérifier quels serveurs il interroge.',
    'dns.finding.server-unlisted':
      'La zone {{zone}} nomme le serveur {{name}} ({{addresses}}), absent du plan.',
    'dns.finding.server-unlisted.remedy': 'L’ajouter à `servers`, pour que la bascule l’attende aussi.',

    'dns.spec.name':
      'un nom DNS : lettres, chiffres, - et _, séparés par des points ; @ pour la zone elle-même',
    'dns.spec.address': 'une adresse IPv4 ou IPv6',
    'dns.spec.ipv4': 'une adresse IPv4',
    'dns.spec.ipv6': 'une adresse IPv6',
    'dns.spec.mx': 'une préférence et un nom, comme `10 mail`',
    'dns.spec.txt': 'un texte dont chaque chaîne entre guillemets droits compte au plus 255 octets',
    'dns.spec.outside': 'un nom de la zone ; ceux d’une autre zone vont dans un composant à part',
    'dns.spec.twice': 'une seule entrée par nom et type, avec toutes ses valeurs',
    'dns.spec.reverse':
      'PTR seulement dans une zone inverse (in-addr.arpa, ip6.arpa), qui est un composant à part',
    'dns.spec.nothing': 'une valeur d’un côté au moins',
  },
}
