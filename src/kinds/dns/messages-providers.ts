import type { Catalogues } from '../../model/text.ts'

/** What is said of the providers behind an HTTP API. */
export const providerMessages: Catalogues = {
  en: {
    'dns.byHand.console.lowerTtl':
      'At {{server}}, in the provider’s own console, give the records of {{zone}} the TTL that the audit recorded.',
    'dns.byHand.console.switchNames':
      'At {{server}}, in the provider’s own console, give the records of {{zone}} the data that the plan names "source", and check each authoritative server.',
    'dns.byHand.console.restoreTtl':
      'At {{server}}, in the provider’s own console, give the records of {{zone}} the low TTL.',

    'dns.update.BADTOKEN':
      '{{server}} does not accept the credential that {{reference}} holds; nothing was changed. {{detail}}',
    'dns.update.BADTOKEN.remedy': 'Correct the secret, or have a new one made. Look at: {{reference}}',
    'dns.update.FORBIDDEN':
      '{{server}} knows the credential and refuses it this change of {{zone}}; nothing was changed. {{detail}}',
    'dns.update.FORBIDDEN.remedy':
      'Give it the right to change the records of {{zone}}; docs/dns-providers.md says which each provider needs.',
    'dns.update.NOZONE': '{{server}} has no zone {{zone}} for this credential. {{detail}}',
    'dns.update.NOZONE.remedy':
      'Correct zone, or take a credential of the account that holds it. To see who serves it, type: {{command}}',
    'dns.update.LIMITED':
      '{{server}} refuses further requests for now; what was not changed waits. {{detail}}',
    'dns.update.LIMITED.remedy': 'Wait a few minutes, then order a retry.',
    'dns.update.REJECTED':
      '{{server}} did not accept the change of {{zone}}; nothing was changed. {{detail}}',
    'dns.update.REJECTED.remedy': 'Correct what the answer names, in the plan or at the provider.',
    'dns.update.APIFAILED':
      '{{server}} failed while it was asked; whether it changed {{zone}} is not known. {{detail}}',
    'dns.update.APIFAILED.remedy': 'Order a retry: what is changed already is left alone.',
    'dns.update.UNREACHABLE':
      '{{server}} gives no answer; whether it changed {{zone}} is not known. {{detail}}',
    'dns.update.UNREACHABLE.remedy':
      'Check that this machine reaches it, then order a retry: what is changed already is left alone.',
    'dns.update.NOTPRIMARY':
      '{{server}} is a secondary of {{zone}}: what is changed there is overwritten. {{detail}}',
    'dns.update.NOTPRIMARY.remedy': 'Name the primary’s API in update.url.',
    'dns.update.SERIALSTAYS':
      '{{server}} does not raise the serial of {{zone}} when its API changes it, and no secondary would follow. {{detail}}',
    'dns.update.SERIALSTAYS.remedy': 'At the server, type: pdnsutil set-meta {{zone}} SOA-EDIT-API DEFAULT',
    'dns.update.PROXIED':
      '{{server}} shows visitors its own addresses in place of {{detail}}: the change could not be seen in DNS.',
    'dns.update.PROXIED.remedy':
      'Set the record to "DNS only" there, or leave it out of the plan and change its origin by hand.',
    'dns.update.HALFWAY':
      '{{server}} changed part of the records of {{zone}} and then failed: some users go to the source, some to the target. {{detail}}',
    'dns.update.HALFWAY.remedy':
      'Order a retry, which changes the rest, or roll back, which changes back what was changed.',
    'dns.update.STAGED':
      '{{server}} took changes of {{zone}} and then failed; they are not served yet. {{detail}}',
    'dns.update.STAGED.remedy':
      'Order a retry, or roll back, before anybody refreshes the zone by hand: that would serve what is half done.',

    'dns.finding.ttl-too-low':
      'lowTtlSeconds is {{lowTtlSeconds}}, and {{server}} takes no TTL below {{minimumTtlSeconds}} s.',
    'dns.finding.ttl-too-low.remedy':
      'Set lowTtlSeconds to {{minimumTtlSeconds}}, and reckon with as much in the window.',
    'dns.finding.provider-unproven':
      'The way to change {{zone}} at {{server}} was written from the public documentation and has never been run against the real service.',
    'dns.finding.provider-unproven.remedy':
      'Some days before, move a record that nobody needs with a plan of its own: there, and back.',
    'dns.finding.one-by-one':
      '{{server}} changes one record set after the other, and each is served at once: if it fails half-way, users are divided between the sites until a second attempt.',
    'dns.finding.one-by-one.remedy':
      'Have somebody at the provider’s console during the switch. A second attempt changes what is left.',
    'dns.finding.staged':
      '{{server}} changes {{zone}} record by record and serves all of it together in the end: if it fails half-way, anybody who refreshes the zone then serves half of it.',
    'dns.finding.staged.remedy': 'Let nobody else work on {{zone}} during the night.',
    'dns.finding.credential-exposed':
      'The credential for {{server}} ({{reference}}) would cross the network unencrypted.',
    'dns.finding.credential-exposed.remedy': 'Reach it by https, or through a tunnel to this machine.',
    'dns.finding.compared-before':
      '{{server}} knows no prerequisites: records are read and compared just before they are written. What another hand changes in that moment would be overwritten.',

    'dns.spec.url': 'an http or https URL without a final slash',
    'dns.spec.serverId': 'letters, digits, dots, - and _',
    'dns.spec.fingerprint': 'a SHA-256 fingerprint: 32 pairs of hexadecimal figures',
    'dns.spec.applicationKey': 'an application key: letters and digits',
  },
  fr: {
    'dns.byHand.console.lowerTtl':
      'Chez {{server}}, dans la console du fournisseur, donner aux enregistrements de {{zone}} le TTL relevé par l’audit.',
    'dns.byHand.console.switchNames':
      'Chez {{server}}, dans la console du fournisseur, donner aux enregistrements de {{zone}} les données que le plan nomme « source », puis vérifier chaque serveur faisant autorité.',
    'dns.byHand.console.restoreTtl':
      'Chez {{server}}, dans la console du fournisseur, donner aux enregistrements de {{zone}} le TTL bas.',

    'dns.update.BADTOKEN':
      '{{server}} n’accepte pas les identifiants que désigne {{reference}} ; rien n’a été modifié. {{detail}}',
    'dns.update.BADTOKEN.remedy': 'Corriger le secret, ou en faire établir un nouveau. Voir : {{reference}}',
    'dns.update.FORBIDDEN':
      '{{server}} connaît ces identifiants et leur refuse cette modification de {{zone}} ; rien n’a été modifié. {{detail}}',
    'dns.update.FORBIDDEN.remedy':
      'Leur donner le droit de modifier les enregistrements de {{zone}} ; docs/dns-providers.md dit lesquels il faut chez chaque fournisseur.',
    'dns.update.NOZONE': '{{server}} n’a pas de zone {{zone}} pour ces identifiants. {{detail}}',
    'dns.update.NOZONE.remedy':
      'Corriger zone, ou prendre les identifiants du compte qui la détient. Pour voir qui la sert, taper : {{command}}',
    'dns.update.LIMITED':
      '{{server}} refuse pour l’instant d’autres requêtes ; ce qui n’a pas été modifié attend. {{detail}}',
    'dns.update.LIMITED.remedy': 'Attendre quelques minutes, puis ordonner un nouvel essai.',
    'dns.update.REJECTED':
      '{{server}} n’a pas accepté la modification de {{zone}} ; rien n’a été modifié. {{detail}}',
    'dns.update.REJECTED.remedy': 'Corriger ce que nomme la réponse, dans le plan ou chez le fournisseur.',
    'dns.update.APIFAILED':
      '{{server}} a échoué pendant la requête ; on ignore si {{zone}} a été modifiée. {{detail}}',
    'dns.update.APIFAILED.remedy': 'Ordonner un nouvel essai : ce qui est déjà modifié est laissé tel quel.',
    'dns.update.UNREACHABLE': '{{server}} ne répond pas ; on ignore si {{zone}} a été modifiée. {{detail}}',
    'dns.update.UNREACHABLE.remedy':
      'Vérifier que ce poste le joint, puis ordonner un nouvel essai : ce qui est déjà modifié est laissé tel quel.',
    'dns.update.NOTPRIMARY':
      '{{server}} est un secondaire de {{zone}} : ce qu’on y modifie est écrasé. {{detail}}',
    'dns.update.NOTPRIMARY.remedy': 'Désigner l’API du primaire dans update.url.',
    'dns.update.SERIALSTAYS':
      '{{server}} n’augmente pas le numéro de série de {{zone}} quand son API la modifie : aucun secondaire ne suivrait. {{detail}}',
    'dns.update.SERIALSTAYS.remedy':
      'Sur le serveur, taper : pdnsutil set-meta {{zone}} SOA-EDIT-API DEFAULT',
    'dns.update.PROXIED':
      '{{server}} montre aux visiteurs ses propres adresses au lieu de {{detail}} : la modification ne se verrait pas dans le DNS.',
    'dns.update.PROXIED.remedy':
      'Y passer l’enregistrement en « DNS only », ou le retirer du plan et modifier son origine à la main.',
    'dns.update.HALFWAY':
      '{{server}} a modifié une partie des enregistrements de {{zone}}, puis a échoué : des utilisateurs vont à la source, d’autres à la cible. {{detail}}',
    'dns.update.HALFWAY.remedy':
      'Ordonner un nouvel essai, qui modifie le reste, ou un retour arrière, qui remet ce qui a été modifié.',
    'dns.update.STAGED':
      '{{server}} a pris des modifications de {{zone}}, puis a échoué ; elles ne sont pas encore servies. {{detail}}',
    'dns.update.STAGED.remedy':
      'Ordonner un nouvel essai, ou un retour arrière, avant que quiconque ne rafraîchisse la zone à la main : cela servirait un travail à moitié fait.',

    'dns.finding.ttl-too-low':
      'lowTtlSeconds vaut {{lowTtlSeconds}}, et {{server}} n’accepte pas de TTL inférieur à {{minimumTtlSeconds}} s.',
    'dns.finding.ttl-too-low.remedy':
      'Porter lowTtlSeconds à {{minimumTtlSeconds}}, et compter autant dans la fenêtre.',
    'dns.finding.provider-unproven':
      'La façon de modifier {{zone}} chez {{server}} a été écrite d’après la documentation publique et n’a jamais été exécutée contre le vrai service.',
    'dns.finding.provider-unproven.remedy':
      'Quelques jours avant, déplacer avec un plan à part un enregistrement dont personne n’a besoin : aller, puis retour.',
    'dns.finding.one-by-one':
      '{{server}} modifie un enregistrement après l’autre, chacun servi aussitôt : en cas d’échec à mi-chemin, les utilisateurs sont partagés entre les sites jusqu’au nouvel essai.',
    'dns.finding.one-by-one.remedy':
      'Tenir quelqu’un devant la console du fournisseur pendant la bascule. Un nouvel essai modifie ce qui reste.',
    'dns.finding.staged':
      '{{server}} modifie {{zone}} enregistrement par enregistrement et sert le tout ensemble à la fin : en cas d’échec à mi-chemin, quiconque rafraîchit alors la zone en sert la moitié.',
    'dns.finding.staged.remedy': 'Que personne d’autre ne travaille sur {{zone}} pendant la nuit.',
    'dns.finding.credential-exposed':
      'Les identifiants pour {{server}} ({{reference}}) passeraient en clair sur le réseau.',
    'dns.finding.credential-exposed.remedy': 'Y accéder en https, ou par un tunnel vers ce poste.',
    'dns.finding.compared-before':
      '{{server}} ne connaît pas de prérequis : les enregistrements sont lus et comparés juste avant d’être écrits. Ce qu’une autre main modifierait à cet instant serait écrasé.',

    'dns.spec.url': 'une URL http ou https sans barre oblique finale',
    'dns.spec.serverId': 'des lettres, des chiffres, des points, - et _',
    'dns.spec.fingerprint': 'une empreinte SHA-256 : 32 paires de chiffres hexadécimaux',
    'dns.spec.applicationKey': 'une clé d’application : des lettres et des chiffres',
  },
}
