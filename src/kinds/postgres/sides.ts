import { dirname } from 'node:path'
import { Failure } from '../../model/failure.ts'
import type { Component, Plan, SiteSide } from '../../model/plan.ts'
import type { PostgresConnection } from '../../transport/postgres-connection.ts'
import type { TypedMeasure } from '../kit/kind-parts.ts'
import type { PostgresFacts } from './facts.ts'
import type { CommonSpec, StreamingSpec } from './spec.ts'

/** One of the two clusters: how to reach it, and where Debian's layout puts its files. */
export type Side<Spec extends CommonSpec = StreamingSpec> = {
  side: SiteSide
  /** For ssh. */
  host: string
  /** For the other site's PostgreSQL. */
  address: string
  port: number
  version: string
  clusterName: string
  sql: PostgresConnection
  /** Of its certificate, as the plan pins it. */
  fingerprint?: string
  /** As audited; asking the host again costs a fifth of a second each time. */
  dataDirectory?: string
  /** `<plan>/<component>`: names the owner of what is written into shared files. */
  owner: string
  spec: Spec
}
/** A side, whichever way its data travel. */
export type ClusterSide = Side<CommonSpec>
export type Sides<Spec extends CommonSpec = StreamingSpec> = {
  source: Side<Spec>
  target: Side<Spec>
  spec: Spec
}

export type PostgresMeasure = TypedMeasure<StreamingSpec, PostgresFacts>
/** What a kind is told of its component. */
export type AboutComponent<Spec extends CommonSpec = StreamingSpec> = {
  component: Component
  spec: Spec
  facts: PostgresFacts
  plan: Plan
}

export const sidesOf = <Spec extends CommonSpec>(about: AboutComponent<Spec>): Sides<Spec> => ({
  source: sideOf('source', about),
  target: sideOf('target', about),
  spec: about.spec,
})

function sideOf<Spec extends CommonSpec>(
  side: SiteSide,
  { component, spec, facts, plan }: AboutComponent<Spec>,
): Side<Spec> {
  const dataDirectory = side === 'source' ? facts.sourceDataDirectory : facts.targetDataDirectory
  const host = plan.sites[side].hosts[spec[side].host]
  if (host === undefined) {
    throw new Failure({
      key: 'postgres.unknownHost',
      values: { component: component.id, host: spec[side].host, site: plan.sites[side].id },
    })
  }
  const [version = '', clusterName = ''] = clusterOf(spec, side).split('/')
  const { user, password, database, sslmode } = spec.admin
  const { port, fingerprint } = spec[side]
  return {
    side,
    host: host.ssh,
    address: host.address,
    port,
    version,
    clusterName,
    sql: {
      driver: 'postgres',
      ...{ host: host.address, port, database, user, password, sslmode },
      ...(fingerprint !== undefined && { fingerprint }),
    },
    ...(fingerprint !== undefined && { fingerprint }),
    ...(dataDirectory !== undefined && { dataDirectory }),
    owner: `${plan.name}/${component.id}`,
    spec,
  }
}

/** Version and name; a target may have its own. */
export const clusterOf = (spec: CommonSpec, side: SiteSide): string => spec[side].cluster ?? spec.cluster

export const inDatabase = (side: ClusterSide, database: string): PostgresConnection => ({
  ...side.sql,
  database,
})
export const otherSide = (sides: Sides, side: Side): Side =>
  side.side === 'source' ? sides.target : sides.source

export const configDirectory = (side: ClusterSide): string =>
  `/etc/postgresql/${side.version}/${side.clusterName}`
/** Last of conf.d, so that it wins over what stands there. */
export const settingsPath = (side: ClusterSide): string => `${configDirectory(side)}/conf.d/zz-bascule.conf`
export const fencingPath = (side: ClusterSide): string =>
  `${configDirectory(side)}/conf.d/zz-bascule-fencing.conf`
/** There while commits at this primary are to wait for its standby. */
export const commitsPath = (side: ClusterSide): string =>
  `${configDirectory(side)}/conf.d/zz-bascule-commits.conf`
export const passfilePath = (side: ClusterSide): string => `${configDirectory(side)}/bascule.pgpass`
/** On a host: the certificate of the other side's server. */
export const primaryCertificatePath = (side: ClusterSide): string =>
  `${configDirectory(side)}/bascule-primary.crt`
export const programPath = (side: ClusterSide, program: string): string =>
  `/usr/lib/postgresql/${side.version}/bin/${program}`
/** Where the packages of this version put libraries, and what describes extensions. */
export const libraryDirectory = (side: ClusterSide): string => `/usr/lib/postgresql/${side.version}/lib`
export const extensionDirectory = (side: ClusterSide): string =>
  `/usr/share/postgresql/${side.version}/extension`

export const standbySignal = (dataDirectory: string): string => `${dataDirectory}/standby.signal`
/** The target's own cluster, set aside while the copy stands in its place. */
export const asidePath = (dataDirectory: string): string => `${dataDirectory}.before-bascule`
/** There from before the copy begins until it is whole. Beside the data directory, which must be empty. */
export const copyingMark = (dataDirectory: string): string =>
  `${dirname(dataDirectory)}/.bascule-copying-${dataDirectory.split('/').pop()}`

/** Name under which a standby shows up at its primary; also tells which way the data flow. */
export const standbyName = (standby: Side): string =>
  standby.side === 'target' ? 'bascule' : 'bascule_reverse'
/** The slot a side's standby reads from, at the other side. */
export const slotOf = (standby: Side): string =>
  standby.side === 'target' ? standby.spec.replication.slot : `${standby.spec.replication.slot}_reverse`
/** Holds the log back from the proof's position on, so that the window can tell what changed since. */
export const proofSlotOf = (spec: StreamingSpec): string => `${spec.replication.slot}_proof`
