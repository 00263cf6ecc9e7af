import type { Catalogues } from '../model/text.ts'

export const messages: Catalogues = {
  en: {
    'runbook.cycle': 'these steps wait for each other in a circle: {{steps}}',
    'runbook.unknownKind': 'component {{component}} is of the unknown kind {{kind}}',
    'runbook.gate.go': 'GO: may the cut begin?',
    'runbook.gate.integrity': 'Integrity: is the target equal to the source?',
    'runbook.gate.reopen': 'Reopening: may users come back?',
  },
  fr: {
    'runbook.cycle': 'ces étapes s’attendent en cercle : {{steps}}',
    'runbook.unknownKind': 'le composant {{component}} est d’un genre inconnu : {{kind}}',
    'runbook.gate.go': 'GO : la coupure peut-elle commencer ?',
    'runbook.gate.integrity': 'Intégrité : la cible est-elle égale à la source ?',
    'runbook.gate.reopen': 'Réouverture : les utilisateurs peuvent-ils revenir ?',
  },
}
