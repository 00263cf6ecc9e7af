import type { Catalogues } from '../model/text.ts'

export const messages: Catalogues = {
  en: {
    'journal.missing': 'There is no journal at {{file}}.',
    'journal.unreadable': 'Journal {{file}} cannot be read: {{detail}}',
    'journal.notAJournal': '{{file}} is not a journal of Bascule.',
    'journal.format':
      'Journal {{file}} has format {{found}}; this version of Bascule knows format {{known}}.',
    'journal.write': 'The journal {{file}} cannot be written: {{detail}}. Nothing more is done.',
    'journal.otherWriter': 'Another program has written to journal {{file}}. Nothing more is done.',
    'journal.bad.altered': 'Journal {{file}}: entry {{sequence}} was altered.',
    'journal.bad.removed': 'Journal {{file}}: entry {{sequence}} was removed.',
    'journal.bad.unlinked': 'Journal {{file}}: entry {{sequence}} does not follow the one before it.',
    'journal.bad.inserted': 'Journal {{file}}: entry {{sequence}} was added by another program.',
    'journal.bad.seal': 'Journal {{file}}: entry {{sequence}} is not the one that the seal names.',
    'journal.remedy.restore': 'Keep {{file}} as it is for the inquiry, and go on from a copy made before.',
    'journal.remedy.state': 'Name the migration’s directory with --state, or begin it with: bascule audit',
    'journal.remedy.upgrade': 'Use the version of Bascule that wrote it, or a later one.',
    'journal.remedy.disk':
      'Make room and check the rights, then resume the run: all that was acknowledged is kept.',
  },
  fr: {
    'journal.missing': 'Il n’y a pas de journal à l’emplacement {{file}}.',
    'journal.unreadable': 'Le journal {{file}} est illisible : {{detail}}',
    'journal.notAJournal': '{{file}} n’est pas un journal de Bascule.',
    'journal.format':
      'Le journal {{file}} est au format {{found}} ; cette version de Bascule connaît le format {{known}}.',
    'journal.write': 'Impossible d’écrire dans le journal {{file}} : {{detail}}. Plus rien n’est fait.',
    'journal.otherWriter': 'Un autre programme a écrit dans le journal {{file}}. Plus rien n’est fait.',
    'journal.bad.altered': 'Journal {{file}} : l’entrée {{sequence}} a été modifiée.',
    'journal.bad.removed': 'Journal {{file}} : l’entrée {{sequence}} a été supprimée.',
    'journal.bad.unlinked': 'Journal {{file}} : l’entrée {{sequence}} ne suit pas la précédente.',
    'journal.bad.inserted': 'Journal {{file}} : l’entrée {{sequence}} a été ajoutée par un autre programme.',
    'journal.bad.seal': 'Journal {{file}} : l’entrée {{sequence}} n’est pas celle que nomme le sceau.',
    'journal.remedy.restore':
      'Conserver {{file}} en l’état pour l’enquête, et repartir d’une copie antérieure.',
    'journal.remedy.state':
      'Indiquer le répertoire de la migration avec --state, ou la commencer par : bascule audit',
    'journal.remedy.upgrade': 'Utiliser la version de Bascule qui l’a écrit, ou une version plus récente.',
    'journal.remedy.disk':
      'Libérer de la place et vérifier les droits, puis reprendre : tout ce qui a été acquitté est conservé.',
  },
}
