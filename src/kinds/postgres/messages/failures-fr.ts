import type { Catalogue } from '../../../model/text.ts'

export const failuresFr: Catalogue = {
  'postgres.unknownHost': 'le composant {{component}} nomme l’hôte {{host}}, que le site {{site}} n’a pas',
  'postgres.noCluster': 'il n’y a pas de cluster {{cluster}} sur {{host}}',
  'postgres.noCluster.remedy':
    'regarder avec : pg_lsclusters ; puis corriger `cluster` dans le plan ou pg_createcluster',
  'postgres.controldata.missing': 'pg_controldata ne donne pas « {{field}} »',
  'postgres.cannotStart': 'PostgreSQL ne démarre pas sur {{host}}. {{detail}}',
  'postgres.cannotStart.remedy':
    'sur {{host}} : tail /var/log/postgresql/postgresql-{{version}}-{{cluster}}.log ; pg_ctlcluster {{version}} {{cluster}} start',
  'postgres.cannotStop': 'PostgreSQL ne s’arrête pas sur {{host}}',
  'postgres.cannotStop.remedy': 'sur {{host}} : pg_ctlcluster {{version}} {{cluster}} stop -m fast',
  'postgres.seeLog': 'voir le journal du cluster {{cluster}} sur {{host}} : /var/log/postgresql',
  'postgres.stale':
    'une autre exécution a pris la main : {{host}} porte le numéro {{current}}, le nôtre est {{ours}}',
  'postgres.stale.remedy': 'arrêter ce programme ; voir qui a la main avec : bascule status',
  'postgres.notStreaming': '{{standby}} ne reçoit rien de {{primary}}',
  'postgres.notReplayed': '{{host}} n’a pas rejoué la position {{position}}',
  'postgres.notEqual': 'les positions ne se rejoignent pas : écrit {{written}}, rejoué {{replayed}}',
  'postgres.notEqual.remedy':
    'voir qui écrit encore sur {{host}} : select * from pg_stat_activity ; et si la liaison est établie',
  'postgres.secondPrimary': '{{host}} accepte les écritures ; un second primaire est refusé',
  'postgres.secondPrimary.remedy':
    'déterminer lequel des deux porte les dernières écritures avant d’arrêter {{host}}',
  'postgres.seed.sourceNotPrimary': 'la source {{host}} n’est pas un primaire en marche ; rien à copier',
  'postgres.seed.full': 'le disque de {{host}} est plein : la copie a été abandonnée. {{detail}}',
  'postgres.seed.full.remedy':
    'libérer de la place (ssh {{host}} df -h {{directory}}) ; la copie est ensuite refaite depuis le début',
  'postgres.seed.failed': '{{host}} : pg_basebackup s’est terminé avec le code {{exitCode}}. {{detail}}',
  'postgres.seed.failed.remedy':
    'corriger ce qu’il nomme (journaux des deux instances : /var/log/postgresql) ; la copie est ensuite refaite depuis le début',
  'postgres.seed.foreignData':
    'la cible {{host}} contient déjà des données : {{databases}} ; elles ne sont jamais écrasées',
  'postgres.prove.openTransaction':
    'une transaction est ouverte sur {{host}} depuis plus de {{seconds}} s (processus {{pid}})',
  'postgres.prove.openTransaction.remedy':
    'l’attendre ou y mettre fin avec pg_terminate_backend() sur {{host}}, puis relancer `bascule replicate`',
  'postgres.prove.different': '{{count}} lignes diffèrent entre la source et la copie : {{rows}}',
  'postgres.prove.different.remedy':
    'défaire la copie et la refaire : une copie qui diffère ne se répare pas',
  'postgres.fence.prepared': 'des transactions préparées sont ouvertes : {{gids}}',
  'postgres.fence.prepared.remedy': 'commit prepared ou rollback prepared, puis réessayer',
  'postgres.fence.sessions': 'des sessions reviennent sur {{host}} à mesure qu’on les ferme',
  'postgres.fence.sessions.remedy': 'arrêter le programme qui se connecte à {{host}} en superutilisateur',
  'postgres.fence.stillWritable': '{{host}} accepte encore des écritures malgré la clôture',
  'postgres.accept.notWritable': '{{host}} n’accepte pas d’écriture',
  'postgres.stopSource.targetNotStandby':
    'la cible {{host}} n’est pas en attente (standby) ; la source n’est pas arrêtée',
  'postgres.stopSource.unclean': 'la source {{host}} ne s’est pas arrêtée proprement : {{state}}',
  'postgres.stopSource.notReceived':
    'le dernier enregistrement de la source ({{checkpoint}}) n’est pas arrivé sur {{host}}',
  'postgres.stopSource.notReceived.remedy': 'revenir en arrière : la source redémarre et n’a rien perdu',
  'postgres.stopSource.stillStandby': 'la source {{host}} a démarré en attente (standby)',
  'postgres.promote.noStandby': 'la cible {{host}} n’est pas un standby que l’on puisse promouvoir',
  'postgres.promote.notYet': '{{host}} ne devient pas primaire dans le temps imparti',
  'postgres.promote.wouldLose':
    'la cible {{host}} est ouverte aux utilisateurs et l’autorité n’est pas revenue à la source : l’arrêter pourrait perdre des écritures',
  'postgres.promote.wouldLose.remedy': 'défaire d’abord `accept` et `reverse` : ils ramènent tout',
  'postgres.reverse.noMarker': 'le repère écrit à la cible n’est pas arrivé sur {{host}}',
  'postgres.handBack.targetNotPrimary':
    'la cible {{host}} a démarré en attente (standby) : ce qu’elle a écrit comme primaire ne peut pas en être ramené',
  'postgres.handBack.unclean': 'la cible {{host}} ne s’est pas arrêtée proprement : {{state}}',
  'postgres.handBack.notReceived':
    'le dernier enregistrement de la cible ({{checkpoint}}) n’est pas arrivé sur {{host}}',
  'postgres.handBack.notReceived.remedy': 'réessayer : {{host}} redémarre et envoie ce qui manque',
}
