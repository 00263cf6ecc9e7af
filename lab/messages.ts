import type { Catalogues } from '../src/model/text.ts'

export const messages: Catalogues = {
  en: {
    'lab.needs-root': 'The laboratory makes network namespaces: it needs root.',
    'lab.needs-root.remedy': 'Type: sudo env "PATH=$PATH" {{command}}',
    'lab.bad-name':
      'The laboratory cannot be called "{{name}}": small letters, digits and dashes, at most 20.',
    'lab.already-up': 'The laboratory "{{name}}" is already there, or its remains are.',
    'lab.already-up.remedy': 'Type: bascule lab down --name {{name}}',
    'lab.being-raised': 'The laboratory "{{name}}" is just being raised by process {{pid}}.',
    'lab.being-raised.remedy':
      'Wait for it, or end it (kill {{pid}}) and type: bascule lab down --name {{name}}',
    'lab.no-index': 'Ten laboratories are already up: {{names}}.',
    'lab.no-index.remedy': 'End one of them: bascule lab down --name NAME',
    'lab.not-up': 'There is no laboratory called "{{name}}".',
    'lab.not-up.remedy': 'Type: bascule lab up --name {{name}}',
    'lab.unknown-host': 'The laboratory "{{name}}" has no host "{{host}}"; it has: {{hosts}}.',
    'lab.command-failed': '`{{command}}` failed in the laboratory: {{detail}}',
    'lab.not-ready': '{{what}} was not ready after {{seconds}} s.',
    'lab.survivors': 'Processes of the laboratory are still there after {{seconds}} s: {{pids}}.',
    'lab.progress.network': 'Networks and link ({{mbps}} Mbit/s)',
    'lab.progress.hosts': '{{count}} hosts, each with its sshd',
    'lab.progress.database': 'PostgreSQL at both sites',
    'lab.progress.seed': 'Data of the estate',
    'lab.progress.names': 'DNS: authoritative server and caching resolver',
    'lab.progress.services': 'Services of the estate',
    'lab.progress.ready': 'The laboratory "{{name}}" is up',
  },
  fr: {
    'lab.needs-root': 'Le laboratoire crée des espaces de noms réseau : il lui faut root.',
    'lab.needs-root.remedy': 'Taper : sudo env "PATH=$PATH" {{command}}',
    'lab.needs-programs':
      'Il manque à cette machine des programmes dont le laboratoire a besoin : {{programs}}.',
    'lab.needs-programs.remedy': 'Taper : {{command}}',
    'lab.bad-name':
      'Le laboratoire ne peut pas s’appeler « {{name}} » : minuscules, chiffres et tirets, 20 au plus.',
    'lab.already-up': 'Le laboratoire « {{name}} » existe déjà, ou il en reste des traces.',
    'lab.already-up.remedy': 'Taper : bascule lab down --name {{name}}',
    'lab.being-raised': 'Le processus {{pid}} est en train de monter le laboratoire « {{name}} ».',
    'lab.being-raised.remedy':
      'Attendre, ou y mettre fin (kill {{pid}}) puis taper : bascule lab down --name {{name}}',
    'lab.no-index': 'Dix laboratoires tournent déjà : {{names}}.',
    'lab.no-index.remedy': 'En arrêter un : bascule lab down --name NOM',
    'lab.not-up': 'Aucun laboratoire ne s’appelle « {{name}} ».',
    'lab.not-up.remedy': 'Taper : bascule lab up --name {{name}}',
    'lab.unknown-host': 'Le laboratoire « {{name}} » n’a pas de machine « {{host}} » ; il a : {{hosts}}.',
    'lab.command-failed': '`{{command}}` a échoué dans le laboratoire : {{detail}}',
    'lab.not-ready': '{{what}} n’était pas prêt au bout de {{seconds}} s.',
    'lab.survivors': 'Des processus du laboratoire sont encore là au bout de {{seconds}} s : {{pids}}.',
    'lab.progress.network': 'Réseaux et lien ({{mbps}} Mbit/s)',
    'lab.progress.hosts': '{{count}} machines, chacune avec son sshd',
    'lab.progress.database': 'PostgreSQL sur les deux sites',
    'lab.progress.seed': 'Données de la plateforme',
    'lab.progress.names': 'DNS : serveur d’autorité et résolveur avec cache',
    'lab.progress.services': 'Services de la plateforme',
    'lab.progress.ready': 'Le laboratoire « {{name}} » est prêt',
  },
}
