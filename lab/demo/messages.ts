import type { Catalogues } from '../../src/model/text.ts'

export const messages: Catalogues = {
  en: {
    'demo.lab':
      'Two sites, a link of 200 Mbit/s between them, users on the Internet: the laboratory is raised ({{size}})',
    'demo.audit': 'bascule audit: both sites are read, nothing is changed',
    'demo.replicate': 'bascule replicate: everything is copied ahead, compared, and kept up to date',
    'demo.rehearse':
      'bascule rehearse: the night, really carried out at Toulouse while Montpellier serves; then undone',
    'demo.preflight': 'bascule preflight: may the cut begin?',
    'demo.night': 'bascule run: the night',
    'demo.night-fault': 'bascule run: the night, with a fault on purpose: {{fault}}',
    'demo.replicate-fault':
      'bascule replicate, and in the middle of {{step}} the fibre of Toulouse is cut for a while',
    'demo.found': 'Found before the night: {{as}}: {{sentence}}',
    'demo.not-found': 'Not found: {{as}}',
    'demo.verdict':
      'Outcome: {{outcome}}. Writes acknowledged to users: {{acknowledged}}; lost: {{lost}}; doubled: {{duplicated}}; sessions lost: {{sessionsLost}}. Names: {{atSource}} of {{records}} at the source, {{atTarget}} at the target',
    'demo.trainer':
      '{{name}}: the dashboard through the tunnel {{before}} times before, {{rehearsal}} during the rehearsal, {{after}} after (back in {{back}} s), {{failed}} failed; without the tunnel {{withoutTunnel}} of {{tried}} tries',
    'demo.late':
      'Still at the old addresses, and passed on: {{clients}} clients ({{services}}). Behind a stubborn resolver: {{requests}} requests after reopening, {{failedAfterReopening}} failed',
    'demo.wrong': 'Not as it must be: {{what}}',
    'demo.kept': 'The laboratory is still up; take it down with: bascule lab down --name {{name}}',
  },
  fr: {
    'demo.lab':
      'Deux sites, une liaison à 200 Mbit/s, des utilisateurs sur Internet : le laboratoire monte ({{size}})',
    'demo.audit': 'bascule audit : les deux sites sont lus, rien n’est modifié',
    'demo.replicate': 'bascule replicate : tout est copié à l’avance, comparé et tenu à jour',
    'demo.rehearse':
      'bascule rehearse : la nuit, réellement jouée à Toulouse pendant que Montpellier sert ; puis défaite',
    'demo.preflight': 'bascule preflight : la coupure peut-elle commencer ?',
    'demo.night': 'bascule run : la nuit',
    'demo.night-fault': 'bascule run : la nuit, avec une panne voulue : {{fault}}',
    'demo.replicate-fault':
      'bascule replicate, et au milieu de {{step}} la fibre de Toulouse est coupée un moment',
    'demo.found': 'Trouvé avant la nuit : {{as}} : {{sentence}}',
    'demo.not-found': 'Pas trouvé : {{as}}',
    'demo.verdict':
      'Issue : {{outcome}}. Écritures acquittées aux utilisateurs : {{acknowledged}} ; perdues : {{lost}} ; doublées : {{duplicated}} ; sessions perdues : {{sessionsLost}}. Noms : {{atSource}} sur {{records}} à la source, {{atTarget}} à la cible',
    'demo.trainer':
      '{{name}} : le tableau de bord par le tunnel, {{before}} fois avant, {{rehearsal}} pendant la répétition, {{after}} après (revenu en {{back}} s), {{failed}} échecs ; sans le tunnel, {{withoutTunnel}} sur {{tried}} essais',
    'demo.late':
      'Encore aux anciennes adresses, et renvoyés : {{clients}} clients ({{services}}). Derrière un résolveur têtu : {{requests}} requêtes après la réouverture, {{failedAfterReopening}} échecs',
    'demo.wrong': 'Ce qui n’est pas comme il faut : {{what}}',
    'demo.kept': 'Le laboratoire reste monté ; le descendre : bascule lab down --name {{name}}',
  },
}
