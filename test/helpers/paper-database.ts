import type { JsonObject } from '../../src/model/json.ts'
import type { Component, Plan } from '../../src/model/plan.ts'
import { fingerprint } from '../doubles/postgres-certificate.ts'

/** The database whose clusters are those of `PostgresClusters`. `more`: of its fields. */
export const paperDatabase = (more: JsonObject = {}): Component => ({
  id: 'database',
  kind: 'postgres',
  title: 'Database',
  criticality: 'critical',
  owner: 'dba',
  needs: [],
  spec: {
    method: 'streaming',
    cluster: '15/main',
    source: { host: 'database', fingerprint },
    target: { host: 'database', fingerprint },
    admin: { user: 'bascule', password: 'env:ADMIN' },
    databases: ['techcorp'],
    replication: { password: 'env:REPLICATION' },
    ...more,
  },
})

const host = (ssh: string, address: string) => ({ ssh, address, become: 'runuser' as const })
/** A plan of nothing else. */
export const planWithDatabase = (component: Component): Plan =>
  ({
    name: 'techcorp',
    sites: {
      source: { id: 'm', title: 'M', hosts: { database: host('m-db', '10.0.1.1') } },
      target: { id: 't', title: 'T', hosts: { database: host('t-db', '10.0.2.1') } },
    },
    outside: {},
    components: { database: component },
    rollback: { databaseStartSeconds: 60 },
  }) as unknown as Plan
