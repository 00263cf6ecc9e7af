import type { Argv } from '../../model/io.ts'
import { conninfo } from './settings.ts'
import {
  type ClusterSide,
  passfilePath,
  primaryCertificatePath,
  programPath,
  type Side,
  slotOf,
  standbyName,
} from './sides.ts'

/** Debian's own control program: keeps to the cluster's configuration in /etc and to systemd where it runs. */
const control = (side: ClusterSide, ...rest: string[]): string[] => [
  'pg_ctlcluster',
  side.version,
  side.clusterName,
  ...rest,
]
export const startCluster = (side: ClusterSide): string[] => control(side, 'start')
export const stopCluster = (side: ClusterSide, mode: 'fast' | 'immediate'): string[] =>
  control(side, 'stop', '-m', mode)
export const reloadCluster = (side: ClusterSide): string[] => control(side, 'reload')
/** Exit 0: runs. 3: does not. 4: no data directory. Several times faster than asking pg_ctlcluster. */
export const clusterStatus = (side: ClusterSide, dataDirectory: string): string[] => [
  programPath(side, 'pg_ctl'),
  'status',
  '-D',
  dataDirectory,
]

/** One setting as it stands in the configuration files: also known while the cluster is down. */
export const configuredValue = (side: ClusterSide, name: string): string[] => [
  'pg_conftool',
  '--short',
  side.version,
  side.clusterName,
  'show',
  name,
]
export const controlData = (side: ClusterSide, dataDirectory: string): string[] => [
  'env',
  'LC_ALL=C',
  programPath(side, 'pg_controldata'),
  '-D',
  dataDirectory,
]

/** How a standby reaches its primary. The password stands in a file of the standby's host, never here. */
export const connectionTo = (primary: Side, standby: Side, database?: string): string =>
  conninfo({
    host: primary.address,
    port: primary.port,
    user: primary.spec.replication.user,
    passfile: passfilePath(standby),
    ...tls(primary, standby),
    application_name: standbyName(standby),
    ...(database === undefined ? {} : { dbname: database }),
  })

/** The authorities that Debian's hosts know, and those that `update-ca-certificates` has added. */
const knownAuthorities = '/etc/ssl/certs/ca-certificates.crt'

/**
 * How programs of the host of `standby` reach `primary`. Bound to the TLS channel, a login is by SCRAM or not at all. A self-signed certificate is its own authority: then
 * `verify-ca` trusts the pinned one and no other.
 */
export function tls(primary: ClusterSide, standby: ClusterSide): Record<string, string> {
  const login = { channel_binding: 'require' }
  if (primary.fingerprint !== undefined)
    return { sslmode: 'verify-ca', sslrootcert: primaryCertificatePath(standby), ...login }
  return primary.sql.sslmode === 'verify-full'
    ? { sslmode: 'verify-full', sslrootcert: knownAuthorities, ...login }
    : { sslmode: 'require', ...login }
}

type Backup = { primary: Side; standby: Side; dataDirectory: string; checkpoint: 'fast' | 'spread' }
/** Through the standby's slot. `checkpoint`: `spread` waits for one that loads the primary little, for minutes. */
export function baseBackup({ primary, standby, dataDirectory, checkpoint }: Backup): string[] {
  const { maxRateMbps } = standby.spec.replication
  return [
    programPath(standby, 'pg_basebackup'),
    `--dbname=${connectionTo(primary, standby)}`,
    `--pgdata=${dataDirectory}`,
    `--slot=${slotOf(standby)}`,
    '--wal-method=stream',
    `--checkpoint=${checkpoint}`,
    '--no-password',
    '--label=bascule',
    ...(maxRateMbps === undefined ? [] : [`--max-rate=${maxRateKilobytes(maxRateMbps)}`]),
  ]
}

/** As a person types it, who is asked for the password; it makes the slot, and a standby of the copy. */
export const copyByHand = ({ primary, standby, dataDirectory }: Omit<Backup, 'checkpoint'>): string[] => [
  programPath(standby, 'pg_basebackup'),
  `--host=${primary.address}`,
  `--port=${primary.port}`,
  `--username=${primary.spec.replication.user}`,
  `--pgdata=${dataDirectory}`,
  ...['--wal-method=stream', '--write-recovery-conf', '--create-slot', `--slot=${slotOf(standby)}`],
]

/** pg_basebackup counts kB/s (1024 bytes) and takes 32 to 1048576. */
export const maxRateKilobytes = (mbps: number): number =>
  Math.min(1_048_576, Math.max(32, Math.round((mbps * 1_000_000) / 8 / 1024)))

/** Makes a copy that went its own way a standby again: only blocks that differ are sent. */
export const rewind = (primary: Side, standby: Side, dataDirectory: string, configFile: string): string[] => [
  programPath(standby, 'pg_rewind'),
  `--target-pgdata=${dataDirectory}`,
  `--source-server=${connectionTo(primary, standby, primary.spec.admin.database)}`,
  `--config-file=${configFile}`,
]

/** A server without sessions or network that recovers, reads its (empty) standard input, and stops. */
export const finishRecovery = (side: ClusterSide, dataDirectory: string, configFile: string): string[] => [
  programPath(side, 'postgres'),
  '--single',
  '-D',
  dataDirectory,
  '-c',
  `config_file=${configFile}`,
  'template1',
]

export const freeBytes = (path: string): string[] => ['df', '--output=avail', '-B1', path]
/** Where a path ends up when links are followed. Exit 1: nowhere. */
export const resolved = (path: string): string[] => ['readlink', '-e', '--', path]
/** `12:include_dir = 'conf.d'` */
export const includeLines = (file: string): string[] => [
  ...['grep', '-n', '-E', '--'],
  "^[[:space:]]*include_dir[[:space:]]*=?[[:space:]]*'conf\\.d/?'",
  file,
]
/** Paths below the directory, one a line. */
export const filesBelow = (directory: string, pattern: string): string[] => [
  ...['find', directory, '-name', pattern, '-printf', '%P\\n'],
]
export const exists = (path: string): Argv => ['test', '-e', path]
export const move = (from: string, to: string): Argv => ['mv', '-T', '--', from, to]
export const removeTree = (path: string): Argv => ['rm', '-rf', '--', path]
export const removeFile = (path: string): Argv => ['rm', '-f', '--', path]
export const makeDataDirectory = (path: string): Argv => [
  'install',
  '-d',
  '-m',
  '0700',
  '-o',
  'postgres',
  '-g',
  'postgres',
  path,
]
export const readText = (path: string): Argv => ['cat', '--', path]
export const listDirectory = (path: string): Argv => ['ls', '-1', '--', path]
