import type { Lab } from '../../lab/lab.ts'
import type { BadPart, Traps } from './bad-input-parts.ts'

/** Databases, trees and zones that are not there, not reached, or not what the plan says. */
export const badData = (lab: Lab, traps: Traps): BadPart[] => {
  const unused = `${lab.prefix}.4.98`
  const psql = (word: string) => new RegExp(`: psql '.*${word}`)
  return [
    {
      what: 'a password for the replication that cannot be read',
      like: 'database',
      changes: { replication: { password: traps.secret('missing') } },
      says: /secret file .*missing cannot be read/,
      remedy: /install -m 0600/,
    },

    {
      what: 'a database password that is wrong',
      like: 'database',
      changes: { admin: { password: traps.secret('wrong') } },
      says: /refused the password of role bascule/,
      remedy: psql('user=bascule'),
    },
    {
      what: 'a database role that is not there',
      like: 'database',
      changes: { admin: { user: 'absent' } },
      says: /refused the password of role absent/,
      remedy: psql('user=absent'),
    },
    {
      what: 'a database that is down at the source',
      like: 'database',
      // let through by the firewall, and nobody listens there
      changes: { source: { port: 8080 } },
      says: /PostgreSQL at .*:8080 is unreachable. connect ECONNREFUSED/,
      remedy: psql('port=8080'),
    },
    {
      what: 'a wrong port at the target',
      like: 'database',
      changes: { target: { port: 5433 } },
      says: /PostgreSQL at .*\.2\.10:5433 is unreachable/,
      remedy: psql('port=5433'),
    },
    {
      what: 'a database that is missing',
      like: 'database',
      changes: { databases: ['absent'] },
      says: /Databases named in the plan are missing at the source: absent/,
      remedy: /Correct `databases` in the plan/,
    },
    {
      what: 'a database to log in to that is missing',
      like: 'database',
      changes: { admin: { database: 'absent' } },
      says: /has no database absent/,
      remedy: psql('dbname=absent'),
    },
    {
      what: 'a certificate that cannot be verified',
      like: 'database',
      changes: { source: { fingerprint: null }, target: { fingerprint: null } },
      says: /The certificate of PostgreSQL at .* is not trusted. self-signed certificate$/,
      remedy: /montpellier-database over ssh: `source: \{fingerprint: "([0-9A-F]{2}:){31}[0-9A-F]{2}"\}`/,
    },
    {
      what: 'another certificate than the pinned one',
      like: 'database',
      changes: { source: { fingerprint: Array.from({ length: 32 }, () => 'AB').join(':') } },
      says: /The certificate of .* has the fingerprint .*; AB:.* expected. Nothing was sent/,
      remedy: /montpellier-database over ssh: `source: \{fingerprint: /,
    },
    {
      what: 'a connection in the clear where TLS is wanted',
      like: 'database',
      changes: {
        source: { fingerprint: null },
        target: { fingerprint: null },
        admin: { sslmode: 'disable' },
      },
      says: /does not accept role bascule in database postgres.*no encryption/,
      remedy: psql('sslmode=disable'),
    },
    {
      what: 'a PostgreSQL of another major version',
      like: 'database',
      changes: { cluster: '16/main' },
      says: /There is no PostgreSQL cluster 16\/main at montpellier-database/,
      remedy: /List the clusters of the host with `pg_lsclusters`/,
    },

    {
      what: 'a tree that is missing',
      like: 'files',
      changes: { source: { path: '/srv/absent' } },
      says: /\/srv\/absent does not exist on montpellier-files/,
      remedy: /Correct the path in the plan, or mount the file system/,
    },
    {
      what: 'a tree that is empty',
      like: 'files',
      changes: { source: { path: '/srv/empty' } },
      says: /\/srv\/empty on montpellier-files is empty/,
      remedy: /Check whether it is mounted: `ssh montpellier-files findmnt/,
    },

    {
      what: 'a DNS key that is wrong',
      like: 'names',
      changes: { update: { tsig: { secret: traps.secret('tsig') } } },
      says: /rejected the signature of TSIG key "bascule"/,
      remedy: /Correct the secret in file:.*tsig/,
    },
    {
      what: 'a DNS key that nobody knows',
      like: 'names',
      changes: { update: { tsig: { name: 'absent' } } },
      says: /"absent"/,
      remedy: /\S/,
    },
    {
      what: 'a DNS server that is silent',
      like: 'names',
      changes: { servers: [{ address: unused, port: 53 }] },
      says: new RegExp(`Authoritative server ${unused}:53 does not answer`),
      remedy: /Start it, or remove it from the zone/,
    },
    {
      what: 'a DNS server that is silent to updates',
      like: 'names',
      changes: { update: { server: { address: unused, port: 53 } } },
      says: new RegExp(`${unused}:53 does not answer updates`),
      remedy: /dig @/,
    },
    {
      what: 'a zone that is not served',
      like: 'names',
      changes: { zone: 'absent.test' },
      says: /has no authority over auth.absent.test A/,
      remedy: /List only authoritative servers/,
    },
    {
      what: 'records that are not what the plan says',
      like: 'names',
      changes: {
        records: [{ name: 'auth', type: 'A', source: `${lab.prefix}.4.77`, target: `${lab.prefix}.4.12` }],
      },
      says: /auth.*4\.77|4\.77.*auth/,
      remedy: /\S/,
    },
  ]
}
