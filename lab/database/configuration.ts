import { prefixOf } from '../topology.ts'

export const clusterVersion = '15'
export const clusterName = 'main'
export const clusterDirectory = `/etc/postgresql/${clusterVersion}/${clusterName}`

/** What differs from Debian's configuration. Durability (fsync, synchronous_commit) stays as it is: on. */
export const settings = (address: string): string =>
  [
    `listen_addresses = 'localhost,${address}'`,
    'max_connections = 250',
    'shared_buffers = 32MB',
    'wal_level = replica',
    'max_wal_senders = 10',
    'max_replication_slots = 10',
    'ssl = on',
    `ssl_cert_file = '${clusterDirectory}/server.crt'`,
    `ssl_key_file = '${clusterDirectory}/server.key'`,
    '',
  ].join('\n')

/** From the network only over TLS and with a password. */
export const hostBasedAccess = (index: number): string =>
  [
    'local all all peer',
    `hostssl all all ${prefixOf(index)}.0.0/16 scram-sha-256`,
    'local replication all peer',
    `hostssl replication all ${prefixOf(index)}.0.0/16 scram-sha-256`,
    '',
  ].join('\n')

export const createCluster = (): string[] => [
  ...['pg_createcluster', '--locale=C.UTF-8', '--encoding=UTF8', clusterVersion, clusterName],
  // The empty cluster need not survive a power cut; everything written to it afterwards does.
  ...['--', '--data-checksums', '--no-sync'],
]
export const controlCluster = (verb: 'start' | 'stop' | 'reload' | 'status'): string[] => [
  'pg_ctlcluster',
  clusterVersion,
  clusterName,
  verb,
]
/** Statements come on standard input, for some hold a password. */
export const administer = (database = 'postgres'): string[] => [
  ...['runuser', '-u', 'postgres', '--'],
  ...['psql', '--no-psqlrc', '--quiet', '--tuples-only', '--no-align', '--set=ON_ERROR_STOP=1', database],
]

export const newCertificate = (name: string, address: string): string[] => [
  ...['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc'],
  ...['-days', '3650', '-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name},IP:${address}`],
  ...['-keyout', `${clusterDirectory}/server.key`, '-out', `${clusterDirectory}/server.crt`],
]

const literal = (text: string) => `'${text.replaceAll("'", "''")}'`

export const createAdministrator = (password: string): string =>
  `CREATE ROLE bascule LOGIN SUPERUSER PASSWORD ${literal(password)};\n`

/** The estate's programs own their database and are nothing more. */
export const createEstateDatabase = (password: string): string =>
  `CREATE ROLE estate LOGIN PASSWORD ${literal(password)};\nCREATE DATABASE techcorp OWNER estate;\n`
