import type { Catalogues } from '../model/text.ts'

export const messages: Catalogues = {
  en: {
    'transport.unknownHost': 'Host {{host}} is not in the plan (known: {{known}}).',
    'transport.unreachable': 'Host {{host}} cannot be reached by ssh. {{detail}}',
    'transport.refused': 'Host {{host}} refused the ssh login. {{detail}}',
    'transport.hostKey': 'The ssh key of host {{host}} has changed: it may be another machine.',
    'transport.hostKeyUnknown': 'The ssh key of host {{host}} is not known on this machine.',
    'transport.sshMissing': 'The ssh program is not installed on this machine.',
    'transport.sudo': '{{host}}: sudo asked for a password to run {{program}}.',
    'transport.commandFailed': '{{host}}: {{program}} ended with code {{exitCode}}. {{detail}}',
    'transport.programMissing': '{{host}}: {{program}} is not installed, or something it needs is missing.',
    'transport.tooMuchOutput': '{{host}}: {{program}} printed more than {{limitMegabytes}} MB and was ended.',
    'transport.timedOut': '{{host}}: {{program}} took longer than {{seconds}} s and was ended.',
    'transport.aborted': '{{what}}: aborted.',
    'transport.secret.form': 'A secret is not given by reference.',
    'transport.secret.short':
      'Secret {{reference}} has fewer than {{shortest}} characters and could not be kept out of the journal.',
    'transport.secret.environment': 'Environment variable {{name}} is empty or not set.',
    'transport.secret.file': 'Secret file {{path}} cannot be read ({{code}}).',
    'transport.secret.open': 'Secret file {{path}} can be read by others (mode {{mode}}).',
    'transport.secret.command': '{{program}} gave no secret. {{detail}}',
    'transport.secret.empty': 'Secret {{reference}} is empty.',
    'transport.sql.unreachable': 'PostgreSQL at {{host}}:{{port}} cannot be reached. {{detail}}',
    'transport.sql.lost': 'The connection to PostgreSQL at {{host}}:{{port}} was lost. {{detail}}',
    'transport.sql.tls': 'PostgreSQL at {{host}}:{{port}}: no encrypted connection. {{detail}}',
    'transport.sql.certificate':
      'PostgreSQL at {{host}}:{{port}}: its certificate cannot be trusted. {{detail}}',
    'transport.sql.password': 'PostgreSQL at {{host}}:{{port}} refused the password of role {{user}}.',
    'transport.sql.notAllowed':
      'PostgreSQL at {{host}}:{{port}} does not let role {{user}} into {{database}}. {{detail}}',
    'transport.sql.databaseMissing': 'PostgreSQL at {{host}}:{{port}} has no database {{database}}.',
    'transport.sql.noRight': 'PostgreSQL at {{host}}:{{port}}: role {{user}} may not do this. {{detail}}',
    'transport.sql.tooMany': 'PostgreSQL at {{host}}:{{port}} has no connection left. {{detail}}',
    'transport.sql.starting': 'PostgreSQL at {{host}}:{{port}} is starting up or shutting down. {{detail}}',
    'transport.sql.readOnly': 'PostgreSQL at {{host}}:{{port}} is read only. {{detail}}',
    'transport.sql.cancelled': 'PostgreSQL at {{host}}:{{port}}: the statement was cancelled. {{detail}}',
    'transport.sql.failed': 'PostgreSQL at {{host}}:{{port}}, database {{database}}: {{detail}} ({{code}})',
    'transport.http.timeout': '{{method}} {{url}} at {{at}}: no full answer within {{seconds}} s.',
    'transport.http.failed': '{{method}} {{url}} at {{at}}: no answer ({{detail}}).',
    'transport.http.certificate':
      'The certificate of {{at}} has the fingerprint {{found}}; expected is {{expected}}. Nothing was sent to it.',
    'transport.http.tooLarge': '{{url}} sent more than {{limitMegabytes}} MB.',
    'transport.dns.noAnswer':
      'DNS server {{server}} did not answer for {{name}} {{type}} in {{attempts}} attempts.',
    'transport.remedy.mend': 'Type: {{command}}',
    'transport.remedy.fingerprint':
      'Ask its owner whether the certificate was renewed; to see its fingerprint yourself, type: {{command}}',
    'transport.remedy.type': 'To see it yourself, type: {{command}}',
    'transport.remedy.hostKey': 'If the machine was replaced on purpose, type: {{command}}',
    'transport.remedy.hostKeyUnknown':
      'Compare the key with the one its owner gives you, typing: {{command}}',
    'transport.remedy.ssh': 'Type: sudo apt install openssh-client',
    'transport.remedy.sudo': 'Let the login user of {{host}} use sudo without a password (NOPASSWD).',
    'transport.remedy.install': 'Install {{program}} on {{host}}.',
    'transport.remedy.certificate':
      'Give it a certificate of an authority that this machine trusts, in the name of {{host}}; or set sslmode: require. To see it yourself, type: {{command}}',
    'transport.remedy.secretFile':
      'Look at it (ls -l {{path}}); to write it, type the secret and Ctrl-D after: install -m 0600 /dev/stdin {{path}}',
    'transport.remedy.secretCommand':
      'Run the command that the plan names after cmd: yourself ({{program}} …): it must print the secret and end with 0.',
    'transport.remedy.secretShort': 'Give that account a longer secret, then run the same command again.',
    'transport.remedy.secretForm': 'Write env:NAME, file:PATH or cmd:PROGRAM in the plan.',
  },
  fr: {
    'transport.unknownHost': 'La machine {{host}} ne figure pas dans le plan (connues : {{known}}).',
    'transport.unreachable': 'La machine {{host}} est injoignable par ssh. {{detail}}',
    'transport.refused': 'La machine {{host}} a refusé la connexion ssh. {{detail}}',
    'transport.hostKey':
      'La clé ssh de la machine {{host}} a changé : il s’agit peut-être d’une autre machine.',
    'transport.hostKeyUnknown': 'La clé ssh de la machine {{host}} est inconnue de ce poste.',
    'transport.sshMissing': 'Le programme ssh n’est pas installé sur ce poste.',
    'transport.sudo': '{{host}} : sudo a demandé un mot de passe pour lancer {{program}}.',
    'transport.commandFailed': '{{host}} : {{program}} s’est terminé avec le code {{exitCode}}. {{detail}}',
    'transport.programMissing': '{{host}} : {{program}} n’est pas installé, ou il lui manque quelque chose.',
    'transport.tooMuchOutput':
      '{{host}} : {{program}} a produit plus de {{limitMegabytes}} Mo et a été arrêté.',
    'transport.timedOut': '{{host}} : {{program}} a dépassé {{seconds}} s et a été arrêté.',
    'transport.aborted': '{{what}} : interrompu.',
    'transport.secret.form': 'Un secret n’est pas donné par référence.',
    'transport.secret.short':
      'Le secret {{reference}} a moins de {{shortest}} caractères et ne pourrait pas être tenu hors du journal.',
    'transport.secret.environment': 'La variable d’environnement {{name}} est vide ou absente.',
    'transport.secret.file': 'Le fichier secret {{path}} est illisible ({{code}}).',
    'transport.secret.open': 'Le fichier secret {{path}} est lisible par d’autres (mode {{mode}}).',
    'transport.secret.command': '{{program}} n’a pas fourni de secret. {{detail}}',
    'transport.secret.empty': 'Le secret {{reference}} est vide.',
    'transport.sql.unreachable': 'PostgreSQL est injoignable à {{host}}:{{port}}. {{detail}}',
    'transport.sql.lost': 'La connexion à PostgreSQL {{host}}:{{port}} a été perdue. {{detail}}',
    'transport.sql.tls': 'PostgreSQL {{host}}:{{port}} : pas de connexion chiffrée. {{detail}}',
    'transport.sql.certificate':
      'PostgreSQL {{host}}:{{port}} : son certificat n’est pas digne de confiance. {{detail}}',
    'transport.sql.password': 'PostgreSQL {{host}}:{{port}} a refusé le mot de passe du rôle {{user}}.',
    'transport.sql.notAllowed':
      'PostgreSQL {{host}}:{{port}} n’admet pas le rôle {{user}} dans {{database}}. {{detail}}',
    'transport.sql.databaseMissing': 'PostgreSQL {{host}}:{{port}} n’a pas de base {{database}}.',
    'transport.sql.noRight':
      'PostgreSQL {{host}}:{{port}} : le rôle {{user}} n’en a pas le droit. {{detail}}',
    'transport.sql.tooMany': 'PostgreSQL {{host}}:{{port}} n’a plus de connexion libre. {{detail}}',
    'transport.sql.starting': 'PostgreSQL {{host}}:{{port}} est en cours de démarrage ou d’arrêt. {{detail}}',
    'transport.sql.readOnly': 'PostgreSQL {{host}}:{{port}} est en lecture seule. {{detail}}',
    'transport.sql.cancelled': 'PostgreSQL {{host}}:{{port}} : la requête a été annulée. {{detail}}',
    'transport.sql.failed': 'PostgreSQL {{host}}:{{port}}, base {{database}} : {{detail}} ({{code}})',
    'transport.http.timeout': '{{method}} {{url}} sur {{at}} : pas de réponse complète en {{seconds}} s.',
    'transport.http.failed': '{{method}} {{url}} sur {{at}} : pas de réponse ({{detail}}).',
    'transport.http.certificate':
      'Le certificat de {{at}} a pour empreinte {{found}} ; {{expected}} était attendue. Rien ne lui a été envoyé.',
    'transport.http.tooLarge': '{{url}} a envoyé plus de {{limitMegabytes}} Mo.',
    'transport.dns.noAnswer':
      'Le serveur DNS {{server}} n’a pas répondu pour {{name}} {{type}} en {{attempts}} essais.',
    'transport.remedy.mend': 'Taper : {{command}}',
    'transport.remedy.fingerprint':
      'Demander à son responsable si le certificat a été renouvelé ; pour en voir l’empreinte, taper : {{command}}',
    'transport.remedy.type': 'Pour le constater, taper : {{command}}',
    'transport.remedy.hostKey': 'Si la machine a été remplacée volontairement, taper : {{command}}',
    'transport.remedy.hostKeyUnknown':
      'Comparer la clé à celle que donne son responsable, en tapant : {{command}}',
    'transport.remedy.ssh': 'Taper : sudo apt install openssh-client',
    'transport.remedy.sudo':
      'Permettre à l’utilisateur de connexion de {{host}} d’utiliser sudo sans mot de passe (NOPASSWD).',
    'transport.remedy.install': 'Installer {{program}} sur {{host}}.',
    'transport.remedy.certificate':
      'Lui donner un certificat d’une autorité reconnue par ce poste, au nom de {{host}} ; ou écrire sslmode: require. Pour le constater, taper : {{command}}',
    'transport.remedy.secretFile':
      'L’examiner (ls -l {{path}}) ; pour l’écrire, taper le secret puis Ctrl-D après : install -m 0600 /dev/stdin {{path}}',
    'transport.remedy.secretCommand':
      'Lancer soi-même la commande que le plan nomme après cmd: ({{program}} …) : elle doit afficher le secret et finir par 0.',
    'transport.remedy.secretShort': 'Donner à ce compte un secret plus long, puis relancer la même commande.',
    'transport.remedy.secretForm': 'Écrire env:NOM, file:CHEMIN ou cmd:PROGRAMME dans le plan.',
  },
}
