import type { Catalogues } from '../../model/text.ts'

export const messages: Catalogues = {
  en: {
    'authority.handover.title': 'Authority passes from {{source}} to {{target}}',
    'authority.handover.byHand': 'In {{file}} on {{hosts}}, write {{site}} as the site.',
    'authority.unknownHost': '{{site}} has no host {{host}} (known: {{known}}).',
    'authority.held':
      '{{host}}: another program holds this migration, with number {{number}} (ours is {{mine}}), since {{at}}: {{holder}}.',
    'authority.unreadable': '{{host}}: {{file}} is not as Bascule writes it.',
    'authority.busy': '{{host}}: {{file}} is being written by another program.',
    'authority.notWritten': '{{host}}: {{file}} could not be written. {{detail}}',
    'authority.remedy.held':
      'Go on with that program, from its state directory (--state, BASCULE_STATE). Only when it is certainly gone for good, remove {{file}} on every host and start again.',
    'authority.remedy.unreadable': 'Look at it with: ssh {{host}} cat {{file}}',
    'authority.finding.tools': '{{host}} lacks {{programs}}, needed to write down who has authority.',
    'authority.finding.tools.remedy': 'On {{host}}, type: apt install util-linux coreutils sed',
    'authority.finding.elsewhere':
      'On {{hosts}}, authority is not with {{source}}: this migration has already been carried out there.',
    'authority.finding.elsewhere.remedy': 'Look at the last run with: bascule status',
  },
  fr: {
    'authority.handover.title': 'L’autorité passe de {{source}} à {{target}}',
    'authority.handover.byHand': 'Dans {{file}} sur {{hosts}}, écrire {{site}} comme site.',
    'authority.unknownHost': '{{site}} n’a pas de machine {{host}} (connues : {{known}}).',
    'authority.held':
      '{{host}} : un autre programme tient cette migration, avec le numéro {{number}} (le nôtre : {{mine}}), depuis {{at}} : {{holder}}.',
    'authority.unreadable': '{{host}} : {{file}} n’est pas tel que Bascule l’écrit.',
    'authority.busy': '{{host}} : {{file}} est en cours d’écriture par un autre programme.',
    'authority.notWritten': '{{host}} : impossible d’écrire {{file}}. {{detail}}',
    'authority.remedy.held':
      'Continuer avec ce programme, depuis son répertoire d’état (--state, BASCULE_STATE). Seulement s’il est certain qu’il ne reviendra pas, supprimer {{file}} sur chaque machine et recommencer.',
    'authority.remedy.unreadable': 'L’examiner avec : ssh {{host}} cat {{file}}',
    'authority.finding.tools': '{{host}} n’a pas {{programs}}, nécessaire pour consigner qui a l’autorité.',
    'authority.finding.tools.remedy': 'Sur {{host}}, taper : apt install util-linux coreutils sed',
    'authority.finding.elsewhere':
      'Sur {{hosts}}, l’autorité n’est pas à {{source}} : cette migration y a déjà été effectuée.',
    'authority.finding.elsewhere.remedy': 'Voir la dernière exécution avec : bascule status',
  },
}
