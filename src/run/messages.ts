import type { Catalogues } from '../model/text.ts'

export const messages: Catalogues = {
  en: {
    'run.order.alreadyHeld': 'the run is held already',
    'run.order.notHeld': 'the run is not held',
    'run.order.alreadyRollingBack': 'the run is being rolled back already',
    'run.order.noGateWaits': 'no gate waits for a decision now',
    'run.order.gateNotReached':
      'gate {{gate}} has not been reached: a decision before its prerequisites would not count',
    'run.order.gateOpen': 'gate {{gate}} is open already',
    'run.order.notYourGate': 'gate {{gate}} asks for {{roles}}, not for {{role}}',
    'run.order.checksOpen': 'the checks of gate {{gate}} have not ended yet: {{checks}}',
    'run.order.noSuchStep': 'there is no step or check named {{step}}',
    'run.order.stepRuns': 'step {{step}} is running',
    'run.order.stepIsDone': 'step {{step}} is done already',
    'run.order.stepHasNotFailed': 'step {{step}} has not failed: there is nothing to decide about it',
    'run.order.checkCannotBeSkipped': 'check {{step}} can be measured again, never declared passed',
    'run.why.noGo': 'NO-GO at gate {{gate}} by {{by}} ({{role}}) {{note}}',
    'run.why.checkFailed': 'check {{check}} of {{component}} failed ({{value}})',
    'run.why.ordered': 'ordered by {{by}}: {{reason}}',
    'run.why.stepFailed': 'step {{step}} failed for good after {{attempts}} attempts',
    'run.why.overrun': 'the last safe moment to roll back ({{lastSafe}}) has passed without the reopening GO',
    'run.why.rehearsal': 'the rehearsal is over: everything it did is undone',
    'run.defect': 'a defect of Bascule: {{message}}',
    'run.noAction': 'the kind {{kind}} has no action {{action}}',
    'run.noUndo': 'step {{step}} has no undo',
    'run.noWatch': '{{component}} has no watch {{watch}}',
    'run.noMeasure': 'check {{check}} asks for the unknown measure {{measure}}',
    'run.componentGone': 'step {{step}} is about {{component}}, which is not in the plan',
    'run.leftoversUnasked':
      'what an earlier attempt of {{step}} may have left running could not be asked of {{hosts}}',
    'run.locked':
      'this migration is held by {{by}} (bascule {{verb}}, process {{pid}} on {{host}}, since {{since}})',
    'run.locked.remedy': 'wait for it to end, or talk to that person; look with: bascule status',
    'run.stateUnusable':
      'the state directory {{directory}} cannot be used: {{detail}}; nothing was done at either site',
    'run.stateUnusable.remedy':
      'look at it: ls -ld {{directory}} — then make it writable, or name another with --state (or BASCULE_STATE)',
    'run.unfinished': 'the run {{run}} ({{mode}}) is not finished',
    'run.unfinished.remedy': 'go on with: bascule resume — or undo it with: bascule rollback --reason "…"',
    'run.notMoved': 'nothing has moved, so there is nothing to close',
    'run.notMoved.remedy': 'type: bascule status',
    'run.notPrepared': 'nothing has been replicated yet',
    'run.notPrepared.remedy': 'type: bascule replicate',
    'run.notRehearsed': 'no rehearsal has succeeded yet, and a live night wants one',
    'run.notRehearsed.remedy': 'type: bascule rehearse — or say why not: bascule run --without-rehearsal "…"',
    'run.alreadyMoved': 'this estate has been moved already',
    'run.alreadyMoved.remedy': 'look with: bascule report — or go back with: bascule rollback --reason "…"',
    'run.none': 'there is no run to go on with',
    'run.none.remedy': 'begin with: bascule audit',
    'run.over': 'the run {{run}} is over ({{outcome}})',
    'run.over.remedy': 'look with: bascule report',
    'run.blocked':
      'the audit found what keeps the run from beginning ({{count}}); nothing was changed at either site',
    'run.blocked.remedy': 'mend what is named above, then look again: bascule audit',
    'run.planChanged': 'the plan has changed since the run {{run}} began',
    'run.runbookChanged':
      'this version of Bascule makes another runbook than the one the run {{run}} began with',
    'run.changed.remedy':
      'go on with the plan and the version that the run began with; status and report show what it has done',
    'run.windowInfeasible':
      'with a rollback at the worst moment the night ends at {{worstEnd}}, the window at {{windowEnd}}',
    'run.windowInfeasible.remedy': 'lengthen the window, or shorten what must be done in it',
    'run.authorityLost':
      'another program has taken over: number {{found}} stands at {{host}}, mine is {{mine}}',
  },
  fr: {
    'run.order.alreadyHeld': 'l’exécution est déjà suspendue',
    'run.order.notHeld': 'l’exécution n’est pas suspendue',
    'run.order.alreadyRollingBack': 'le repli est déjà en cours',
    'run.order.noGateWaits': 'aucune porte n’attend de décision',
    'run.order.gateNotReached':
      'la porte {{gate}} n’est pas atteinte : décider avant ses préalables ne compte pas',
    'run.order.gateOpen': 'la porte {{gate}} est déjà ouverte',
    'run.order.notYourGate': 'la porte {{gate}} attend {{roles}}, pas {{role}}',
    'run.order.checksOpen': 'les contrôles de la porte {{gate}} ne sont pas finis : {{checks}}',
    'run.order.noSuchStep': 'il n’y a ni étape ni contrôle nommé {{step}}',
    'run.order.stepRuns': 'l’étape {{step}} est en cours',
    'run.order.stepIsDone': 'l’étape {{step}} est déjà faite',
    'run.order.stepHasNotFailed': 'l’étape {{step}} n’a pas échoué : il n’y a rien à décider',
    'run.order.checkCannotBeSkipped': 'le contrôle {{step}} peut être refait, jamais déclaré réussi',
    'run.why.noGo': 'NO-GO à la porte {{gate}} par {{by}} ({{role}}) {{note}}',
    'run.why.checkFailed': 'le contrôle {{check}} de {{component}} a échoué ({{value}})',
    'run.why.ordered': 'ordre de {{by}} : {{reason}}',
    'run.why.stepFailed': 'l’étape {{step}} a échoué définitivement après {{attempts}} essais',
    'run.why.overrun': 'le dernier moment de repli sûr ({{lastSafe}}) est passé sans GO de réouverture',
    'run.why.rehearsal': 'la répétition est finie : tout ce qu’elle a fait est défait',
    'run.defect': 'un défaut de Bascule : {{message}}',
    'run.noAction': 'le genre {{kind}} n’a pas d’action {{action}}',
    'run.noUndo': 'l’étape {{step}} n’a pas d’annulation',
    'run.noWatch': '{{component}} n’a pas de veille {{watch}}',
    'run.noMeasure': 'le contrôle {{check}} demande la mesure inconnue {{measure}}',
    'run.componentGone': 'l’étape {{step}} porte sur {{component}}, absent du plan',
    'run.leftoversUnasked':
      'ce qu’un essai précédent de {{step}} a pu laisser tourner n’a pas pu être demandé à {{hosts}}',
    'run.locked':
      'cette migration est tenue par {{by}} (bascule {{verb}}, processus {{pid}} sur {{host}}, depuis {{since}})',
    'run.locked.remedy': 'attendez sa fin, ou parlez à cette personne ; voir : bascule status',
    'run.stateUnusable':
      'le répertoire d’état {{directory}} est inutilisable : {{detail}} ; rien n’a été fait sur aucun des deux sites',
    'run.stateUnusable.remedy':
      'l’examiner : ls -ld {{directory}} — puis le rendre inscriptible, ou en nommer un autre avec --state (ou BASCULE_STATE)',
    'run.unfinished': 'l’exécution {{run}} ({{mode}}) n’est pas finie',
    'run.unfinished.remedy': 'continuer : bascule resume — ou défaire : bascule rollback --reason "…"',
    'run.notMoved': 'rien n’a basculé, il n’y a donc rien à clore',
    'run.notMoved.remedy': 'taper : bascule status',
    'run.notPrepared': 'rien n’a encore été répliqué',
    'run.notPrepared.remedy': 'taper : bascule replicate',
    'run.notRehearsed': 'aucune répétition n’a encore réussi, et la nuit en exige une',
    'run.notRehearsed.remedy':
      'taper : bascule rehearse — ou dire pourquoi s’en passer : bascule run --without-rehearsal "…"',
    'run.alreadyMoved': 'ce parc a déjà été déplacé',
    'run.alreadyMoved.remedy': 'voir : bascule report — ou revenir : bascule rollback --reason "…"',
    'run.none': 'il n’y a aucune exécution à continuer',
    'run.none.remedy': 'commencer par : bascule audit',
    'run.over': 'l’exécution {{run}} est finie ({{outcome}})',
    'run.over.remedy': 'voir : bascule report',
    'run.blocked':
      'l’audit a trouvé ce qui empêche de commencer ({{count}}) ; rien n’a été modifié sur aucun des deux sites',
    'run.blocked.remedy': 'corriger ce qui est nommé ci-dessus, puis vérifier : bascule audit',
    'run.planChanged': 'le plan a changé depuis le début de l’exécution {{run}}',
    'run.runbookChanged':
      'cette version de Bascule donne un autre déroulé que celui avec lequel l’exécution {{run}} a commencé',
    'run.changed.remedy':
      'continuer avec le plan et la version du début ; status et report montrent ce qui a été fait',
    'run.windowInfeasible':
      'avec un repli au pire moment la nuit finit à {{worstEnd}}, la fenêtre à {{windowEnd}}',
    'run.windowInfeasible.remedy': 'allonger la fenêtre, ou raccourcir ce qui doit s’y faire',
    'run.authorityLost':
      'un autre programme a pris la main : le numéro {{found}} est posé sur {{host}}, le mien est {{mine}}',
  },
}
