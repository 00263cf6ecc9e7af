import type { Catalogue } from '../../../model/text.ts'

export const stepsFr: Catalogue = {
  'postgres.allow-replication.title':
    '{{component}} : autoriser la réplication (rôle, pg_hba.conf, borne des journaux conservés)',
  'postgres.allow-replication.byHand':
    'Sur les deux hôtes, retirer de pg_hba.conf les lignes entre les repères bascule et recharger ; supprimer le rôle de réplication et le schéma bascule.',
  'postgres.create-slot.title': '{{component}} : créer les slots de réplication à la source',
  'postgres.create-slot.byHand':
    'À la source : select pg_drop_replication_slot(...) pour chaque slot de Bascule.',
  'postgres.seed.title': '{{component}} : copier le cluster vers la cible et le garder à jour',
  'postgres.seed.byHand':
    'À la cible : arrêter le cluster, supprimer son répertoire de données, renommer celui qui finit par .before-bascule, supprimer conf.d/zz-bascule.conf, démarrer.',
  'postgres.prove.title': '{{component}} : comparer toutes les lignes à l’avance',
  'postgres.prove.byHand': "À la source : delete from bascule.kept where key = 'proof'.",
  'postgres.fence.title': '{{component}} : la source refuse les écritures et les utilisateurs',
  'postgres.fence.byHand':
    "À la source : alter system reset default_transaction_read_only et autovacuum, pg_reload_conf(), puis rétablir les limites de connexion conservées dans bascule.kept (clé 'fence').",
  'postgres.drain.title': '{{component}} : la cible est exactement à la position de la source',
  'postgres.drain.byHand': 'Rien à défaire.',
  'postgres.stop-source.title': '{{component}} : arrêter proprement la source',
  'postgres.stop-source.byHand':
    'S’assurer que la cible est arrêtée ou en attente (standby). À la source : supprimer standby.signal et conf.d/zz-bascule.conf, puis pg_ctlcluster start.',
  'postgres.promote.title': '{{component}} : promouvoir la cible',
  'postgres.promote.byHand':
    'À la cible : créer standby.signal dans le répertoire de données, puis pg_ctlcluster stop -m fast. La laisser arrêtée.',
  'postgres.reverse.title': '{{component}} : l’ancienne source suit la cible, prouvé par un repère',
  'postgres.reverse.byHand':
    'Fermer la cible aux utilisateurs, attendre que la source ait rejoué sa position, arrêter proprement la cible, comparer son dernier checkpoint (pg_controldata) à la position de la source, puis pg_promote() à la source.',
  'postgres.accept.title': '{{component}} : la cible accepte les écritures',
  'postgres.accept.byHand':
    'À la cible : alter database ... connection limit 0, alter system set default_transaction_read_only = on, recharger, fermer les sessions.',
  'postgres.pause.title': '{{component}} : la copie s’arrête à une position pour la répétition',
  'postgres.pause.byHand': 'À la cible : select pg_wal_replay_resume().',
  'postgres.measure.lagSeconds': '{{component}} : retard de réplication',
  'postgres.measure.lagBytes': '{{component}} : retard de réplication en octets',
  'postgres.measure.unreachableDatabases': '{{component}} : bases qui ne répondent pas à la cible',
  'postgres.measure.rowsDifferent': '{{component}} : lignes différentes entre source et cible',
}
