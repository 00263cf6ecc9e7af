import { dirname } from 'node:path'
import { Failure, hasCode } from '../../model/failure.ts'
import type { ReadIo } from '../../model/io.ts'
import { databaseFacts } from './audit-databases.ts'
import { type Certificate, certificateOf, isSame } from './certificate.ts'
import { type ClusterState, dataDirectoryOf, stateOf } from './cluster.ts'
import { filesBelow, freeBytes, resolved } from './commands.ts'
import type { PostgresFacts } from './facts.ts'
import { fileSettingsOf, includeLineOf, preloadNames, preloadSettings, valueIn } from './file-settings.ts'
import { pinLine } from './findings-certificate.ts'
import { accessFacts } from './hba.ts'
import { settingsOfBoth } from './settings.ts'
import { type ClusterSide, extensionDirectory, libraryDirectory } from './sides.ts'
import { queryOne, queryText } from './sql.ts'
import { userDatabases } from './user-data.ts'

type Both = Record<'source' | 'target', ClusterSide>
/** What one method asks beside it. `ours`: the role that it lets in by lines of its own in pg_hba.conf. */
export type OwnAudit = {
  ours: string
  source(io: ReadIo): Promise<PostgresFacts>
  target(isUp: boolean, io: ReadIo): Promise<PostgresFacts>
}

/**
 * What every method has to know of both sides. Reads only. A target that is down is a fact like any other. A source that cannot be
 * asked is a Failure, and so is a target that runs and lets nobody in (wrong port, wrong password).
 */
export async function auditBoth(sides: Both, own: OwnAudit, io: ReadIo): Promise<PostgresFacts> {
  const certificates = {
    source: await certificateOf(sides.source, io),
    target: await certificateOf(sides.target, io),
  }
  const source = await offering(sides.source, certificates.source, sourceFacts(sides.source, own, io))
  const target = await offering(sides.target, certificates.target, targetFacts(sides.target, own, io))
  const isUp = target.targetState === 'primary' || target.targetState === 'standby'
  return {
    ...source,
    ...target,
    ...(certificates.source && { sourceCertificate: factOf(certificates.source) }),
    ...(certificates.target && { targetCertificate: factOf(certificates.target) }),
    ...(await packageFacts(sides.target, source, io)),
    ...(isUp && (await accessFacts(sides, own.ours, io))),
  }
}

async function sourceFacts(source: ClusterSide, own: OwnAudit, io: ReadIo): Promise<PostgresFacts> {
  const sourceState = await lookedAtState(source, io)
  const server = await serverFacts(source, io)
  const host = await hostFacts(source, io)
  const databases = await databaseFacts(source, io)
  return { sourceState, ...named('source', { ...server, ...host }), ...databases, ...(await own.source(io)) }
}

async function targetFacts(target: ClusterSide, own: OwnAudit, io: ReadIo): Promise<PostgresFacts> {
  const targetState = await lookedAtState(target, io)
  const host = await hostFacts(target, io)
  const found = {
    targetState,
    ...named('target', host),
    targetLocales: await localesOf(target, io),
    targetUserDatabases: await userDatabases(target, io),
  }
  const isUp = targetState === 'primary' || targetState === 'standby'
  if (!isUp) return { ...found, ...(await own.target(false, io)) }
  const server = await serverFacts(target, io)
  return { ...found, ...named('target', server), ...(await own.target(true, io)) }
}

const factOf = ({ fingerprint, isSelfSigned, file }: Certificate) => ({ fingerprint, isSelfSigned, file })

/** A server that is not trusted as the plan stands: what may be written there was read on its host, over ssh. */
async function offering<T>(
  side: ClusterSide,
  certificate: Certificate | undefined,
  work: Promise<T>,
): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (!hasCode(error, 'certificate') || certificate === undefined) throw error
    // Pinned already: then it is not this certificate that was shown.
    if (isSame(side.fingerprint ?? '', certificate.fingerprint)) throw error
    const values = { host: side.host, line: pinLine(side.side, certificate.fingerprint) }
    throw new Failure(error.text, {
      remedy: { key: 'postgres.untrusted.remedy', values },
      code: 'certificate',
      cause: error,
    })
  }
}

type Named<Side extends string, Found> = {
  [Name in keyof Found & string as `${Side}${Capitalize<Name>}`]: Found[Name]
}
/** What both sides are asked alike, under names of their own. */
const named = <Side extends string, Found extends object>(side: Side, found: Found): Named<Side, Found> =>
  Object.fromEntries(
    Object.entries(found).map(([name, value]) => [
      `${side}${name.slice(0, 1).toUpperCase()}${name.slice(1)}`,
      value,
    ]),
  ) as Named<Side, Found>

async function serverFacts(at: ClusterSide, io: ReadIo) {
  const row = await queryOne(
    io,
    at.sql,
    `select current_setting('server_version') as version, current_setting('server_version_num')::int as num,
       current_setting('ssl') as ssl, current_setting('data_checksums') as checksums,
       (select system_identifier::text from pg_control_system()) as identifier,
       (select rolsuper from pg_roles where rolname = current_user) as superuser,
       (select pg_collation_actual_version(oid) from pg_collation where collprovider = 'i' limit 1) as icu`,
  )
  const columns = settingsOfBoth.map(name => `current_setting('${name}')::int as ${name}`)
  const limits = (await queryOne(io, at.sql, `select ${columns.join(', ')}`)) ?? {}
  return {
    version: String(row?.version),
    versionNumber: Number(row?.num),
    tls: row?.ssl === 'on',
    checksums: row?.checksums === 'on',
    systemIdentifier: String(row?.identifier),
    icu: String(row?.icu ?? ''),
    adminIsSuperuser: row?.superuser === true,
    limits: Object.fromEntries(Object.entries(limits).map(([name, value]) => [name, Number(value)])),
    fileSettings: await fileSettingsOf(at, io),
  }
}

async function hostFacts(at: ClusterSide, io: ReadIo) {
  const { stdout: glibc } = await io.read(at.host, ['getconf', 'GNU_LIBC_VERSION'])
  const dataDirectory = await dataDirectoryOf(at, io)
  const { stdout } = await io.read(at.host, freeBytes(dirname(dataDirectory)))
  return {
    glibc: glibc.trim(),
    dataDirectory,
    diskFree: bytesIn(stdout),
    includeLine: await includeLineOf(at, io),
    ...(await walRoom(at, dataDirectory, io)),
  }
}

const bytesIn = (df: string): number => Number(df.split('\n')[1]?.trim() ?? 0)

/** pg_wal may be a link to another disk, or a mount. Empty where there is none. */
async function walRoom(at: ClusterSide, dataDirectory: string, io: ReadIo) {
  const options = { asUser: 'postgres', allowFailure: true }
  const found = await io.read(at.host, resolved(`${dataDirectory}/pg_wal`), options)
  const walDirectory = found.exitCode === 0 ? found.stdout.trim() : ''
  if (walDirectory === '') return { walDirectory, walFree: 0 }
  const { stdout } = await io.read(at.host, freeBytes(walDirectory), { asUser: 'postgres' })
  return { walDirectory, walFree: bytesIn(stdout) }
}

/** A server that runs and let nobody in is asked once more: it was late, or its Failure says why. */
async function lookedAtState(side: ClusterSide, io: ReadIo): Promise<ClusterState> {
  const state = await stateOf(side, io)
  if (state !== 'starting') return state
  await queryText(io, side.sql, 'select 1')
  return stateOf(side, io)
}

/** As `locale -a` writes them, in the one spelling that compares: `fr_FR.utf8`. */
async function localesOf(side: ClusterSide, io: ReadIo): Promise<string[]> {
  const { stdout } = await io.read(side.host, ['locale', '-a'])
  return stdout.split('\n').filter(line => line !== '')
}

/** What the source's data needs of packages, and the target's host does not have. Also known of a server that is down. */
async function packageFacts(target: ClusterSide, source: PostgresFacts, io: ReadIo): Promise<PostgresFacts> {
  const has = async (directory: string, pattern: string) => {
    const { stdout } = await io.read(target.host, filesBelow(directory, pattern), { allowFailure: true })
    return new Set(stdout.split('\n'))
  }
  const extensions = await has(extensionDirectory(target), '*.control')
  const libraries = await has(libraryDirectory(target), '*.so')
  const needed = (source.extensions ?? []).map(extension => /([^.\s]+) \S+$/.exec(extension)?.[1] ?? '')
  const preloaded = preloadSettings.flatMap(name =>
    preloadNames(valueIn(source.sourceFileSettings ?? [], name) ?? ''),
  )
  const loaded = [...(source.libraries ?? []), ...preloaded]
  const missing = (names: readonly string[], present: (name: string) => boolean) =>
    [...new Set(names)].filter(name => name !== '' && !present(name)).sort()
  return {
    missingExtensions: missing(needed, name => extensions.has(`${name}.control`)),
    missingLibraries: missing(loaded, name => libraries.has(name.endsWith('.so') ? name : `${name}.so`)),
  }
}
