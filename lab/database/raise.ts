import { X509Certificate } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execIn } from '../enter.ts'
import { treeOf } from '../paths.ts'
import { secret } from '../secrets.ts'
import { settleAllThenThrow } from '../settle-all.ts'
import type { Lab } from '../types.ts'
import {
  administer,
  clusterDirectory,
  controlCluster,
  createAdministrator,
  createCluster,
  createEstateDatabase,
  hostBasedAccess,
  newCertificate,
  settings,
} from './configuration.ts'

/** A running PostgreSQL at both sites: the estate's empty database at Montpellier, a bare cluster at Toulouse. */
export async function raiseDatabases(lab: Lab): Promise<void> {
  const password = secret(lab.name, 'database-bascule')
  await settleAllThenThrow([
    raiseCluster(lab, 'montpellier-database', [
      createAdministrator(password),
      createEstateDatabase(secret(lab.name, 'database-estate')),
    ]),
    raiseCluster(lab, 'toulouse-database', [createAdministrator(password)]),
  ])
}

/** `AA:BB:…`, SHA-256, of the certificate of each site's PostgreSQL, once it is raised. */
export function databaseFingerprints(lab: string) {
  const of = (site: string) =>
    new X509Certificate(readFileSync(join(treeOf(lab, `${site}-database`), clusterDirectory, 'server.crt')))
      .fingerprint256
  return { montpellier: of('montpellier'), toulouse: of('toulouse') }
}

async function raiseCluster(lab: Lab, host: string, statements: string[]): Promise<void> {
  const address = lab.hosts[host]?.address ?? ''
  const inCluster = (file: string) => join(treeOf(lab.name, host), clusterDirectory, file)
  await execIn(lab, host, createCluster())
  await execIn(lab, host, newCertificate(host, address))
  await execIn(lab, host, ['chown', 'postgres:postgres', `${clusterDirectory}/server.key`])
  writeFileSync(inCluster('conf.d/laboratory.conf'), settings(address))
  writeFileSync(inCluster('pg_hba.conf'), hostBasedAccess(lab.index))
  await execIn(lab, host, controlCluster('start'))
  await execIn(lab, host, administer(), { input: statements.join('') })
}
