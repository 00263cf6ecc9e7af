import type { Catalogue } from '../../model/text.ts'

export const french: Catalogue = {
  'service.maintenanceOn.title': '{{service}} : page de maintenance affichée',
  'service.stop.title': '{{service}} : arrêt propre à {{site}}',
  'service.start.title': '{{service}} : démarrage à {{site}}',
  'service.await.title': '{{service}} : en bonne santé à {{site}}, démarré par sa machine',
  'service.maintenanceOff.title': '{{service}} : réouverture à {{site}}',

  'service.measure.failedProbes': '{{component}} : requêtes fonctionnelles en échec à la cible',
  'service.measure.failedProbesAtSource': '{{component}} : requêtes fonctionnelles en échec à la source',
  'service.measure.unhealthy': '{{component}} : en mauvaise santé à la cible',
  'service.measure.unhealthyAtSource': '{{component}} : en mauvaise santé à la source',
  'service.measure.loadP95Milliseconds': '{{component}} : temps de réponse en charge, 95e centile',
  'service.measure.loadP99Milliseconds': '{{component}} : temps de réponse en charge, 99e centile',
  'service.measure.loadErrors': '{{component}} : erreurs en charge',

  'service.byHand.openEdge':
    'Sur {{host}}, taper : {{commands}} ; puis interroger l’URL publique jusqu’à ce que le service réponde.',
  'service.byHand.closeEdge':
    'Sur {{host}}, taper : {{commands}} ; l’URL publique doit afficher la page de maintenance.',
  'service.byHand.start': 'Sur {{host}}, taper : {{commands}} ; puis interroger sa page de santé.',
  'service.byHand.withItsMachine':
    'Rien à faire pour {{service}} : il s’arrête avec la machine qui le porte.',
  'service.byHand.stop': 'Sur {{host}}, taper : {{commands}} ; plus rien ne doit y répondre.',

  'service.host.unknown':
    '{{component}} : le site {{side}} n’a pas de machine « {{host}} » (connues : {{known}}).',
  'service.host.unknown.remedy':
    'Ajouter « {{host}} » à sites.{{side}}.hosts dans le plan, ou corriger le nom.',
  'service.start.failed':
    '{{service}} n’est pas en bonne santé à {{site}} après {{seconds}} s (dernière réponse : {{answer}}). Dernières lignes de son journal :\n{{log}}',
  'service.start.failed.remedy': 'Lire tout le journal : ssh {{host}} {{command}}',
  'service.await.failed':
    '{{service}} n’est pas en bonne santé à {{site}} après {{seconds}} s : {{url}} a donné {{answer}}. C’est sa machine qui le démarre.',
  'service.await.failed.remedy': 'Aller voir la machine qui porte {{service}} à {{site}}, et sa console.',
  'service.stop.stillRunning':
    '{{service}} tourne encore à {{site}} {{seconds}} s après la demande d’arrêt ; il n’a pas été tué.',
  'service.stop.stillAnswers':
    '{{service}} est arrêté à {{site}}, mais {{url}} répond encore ({{status}}) : autre chose y tourne.',
  'service.stop.remedy': 'Aller voir : ssh {{host}} {{command}}. Puis ordonner un nouvel essai.',
  'service.maintenance.notShown':
    '{{service}} : la page de maintenance ne s’affiche pas à {{site}} : {{url}} sur {{edge}} a donné {{answer}}, attendu {{expected}}.',
  'service.maintenance.notLifted':
    '{{service}} : la page de maintenance est retirée à {{site}}, mais {{url}} sur {{edge}} a donné {{answer}}, attendu {{expected}}.',
  'service.maintenance.remedy':
    'Vérifier comment la passerelle {{host}} lit {{file}}, et ce qui se trouve derrière elle.',

  'service.finding.source-healthy':
    '{{service}} est en bonne santé à {{site}} : {{url}} a répondu en {{milliseconds}} ms.',
  'service.finding.source-unhealthy':
    '{{service}} n’est pas en bonne santé à {{site}} : {{url}} a donné {{status}} (0 : pas de réponse), attendu {{expected}}. Un repli ne pourrait pas être prouvé.',
  'service.finding.source-unhealthy.remedy': 'Lire son journal sur {{host}} : {{log}}',
  'service.finding.source-unhealthy.remedy.machine': 'Aller voir la machine qui le porte à {{site}}.',
  'service.finding.source-late':
    '{{service}} ou la passerelle devant lui a laissé une requête attendre 5 s à {{site}}, et a répondu à la relance ({{again}} fois).',
  'service.finding.source-late.remedy':
    'Regarder ce qui occupe sa machine, ou ce que perd le chemin jusqu’à elle ; puis : bascule audit',
  'service.finding.source-missing':
    '{{service}} : son gestionnaire ne connaît pas {{unit}} à {{site}} : impossible de l’arrêter ni de le relancer.',
  'service.finding.source-missing.remedy': 'Corriger `manager` dans le plan ; sur {{host}} : {{look}}',
  'service.finding.source-disabled': '{{service}} ne reviendrait pas après un redémarrage à {{site}}.',
  'service.finding.source-disabled.remedy': 'Sur {{host}} : {{enable}}',
  'service.finding.source-closed': 'La page de maintenance de {{service}} est déjà affichée à {{site}}.',
  'service.finding.source-closed.remedy': 'Si personne n’en a besoin, sur {{edgeHost}} : rm {{file}}',
  'service.finding.edge-silent': 'La passerelle de {{site}} ne répond pas pour {{service}} sur {{edge}}.',
  'service.finding.edge-silent.remedy':
    'Démarrer la passerelle sur {{edgeHost}}, ou corriger maintenance.edge dans le plan.',
  'service.finding.target-missing': '{{service}} ({{unit}}) n’est pas installé à {{site}}.',
  'service.finding.target-missing.remedy': 'L’installer sur {{host}}, arrêté et désactivé.',
  'service.finding.target-running': '{{service}} tourne déjà à {{site}}.',
  'service.finding.target-running.remedy': 'Sur {{host}} : {{disable}} && {{stop}}',
  'service.finding.target-running.remedy.machine': 'Arrêter la machine qui le porte à {{site}}.',
  'service.finding.target-enabled': '{{service}} démarrerait de lui-même après un redémarrage à {{site}}.',
  'service.finding.target-enabled.remedy': 'Sur {{host}} : {{disable}}',
  'service.finding.maintenance-directory':
    'Le dossier de {{file}} manque sur {{edgeHost}} ({{site}}) : la page de maintenance ne pourrait pas être affichée.',
  'service.finding.maintenance-directory.remedy':
    'Créer le dossier sur {{edgeHost}}, et faire répondre la page pour {{service}} tant que {{file}} existe.',
  'service.finding.probe-component':
    'Une requête de {{service}} (« {{probe}} ») interroge « {{asked}} », qui n’a pas d’url.',
  'service.finding.probe-component.remedy':
    'Nommer dans la requête un composant qui a une url, ou retirer le champ.',

  'service.spec.host': 'la clé d’un hôte du site, ou manager: none',
  'service.spec.name': 'une lettre, puis lettres, chiffres, - ou _',
  'service.spec.pointer': 'un pointeur JSON : vide pour tout le corps, sinon il commence par /',
  'service.spec.secretInPath': 'un chemin sans secret : leur place est dans headers et json',
  'service.spec.list': 'le nom d’une liste captée, et au besoin un pointeur JSON dans celle-ci',
  'service.spec.each': 'un nom et une liste, p. ex. {course: courses}',
  'service.spec.url': 'une URL http:// ou https://',
  'service.spec.urlSlash': 'une URL sans / à la fin',
  'service.spec.absolute': 'un chemin qui commence par /',
}
