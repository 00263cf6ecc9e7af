import { describe, expect, test } from 'vitest'
import { preloadNames } from '../../src/kinds/postgres/file-settings.ts'
import { accessFacts, type HbaLine, type Login, missingLines, shutOut } from '../../src/kinds/postgres/hba.ts'
import type { Sides } from '../../src/kinds/postgres/sides.ts'
import { recordingIo } from '../doubles/recording.ts'
import { onSql } from '../doubles/recording-answers.ts'

/** As it stands in pg_hba.conf. */
function line(text: string): HbaLine {
  const [type = '', databases = '', users = '', ...rest] = text.split(' ')
  const [address = '', method = ''] = type === 'local' ? ['', rest[0]] : rest
  return { type, databases: databases.split(','), users: users.split(','), address, method, options: [] }
}
const lines = (...texts: string[]) => texts.map(line)
const app: Login = { user: 'app', database: 'shop', groups: [], isMd5: false }
const out = (source: HbaLine[], target: HbaLine[], login: Partial<Login> = {}) =>
  shutOut(source, target, [{ ...app, ...login }])

describe('lines that the target does not have', () => {
  test('are named as they are typed; the same line is not', () => {
    const source = lines('local all all peer', 'host shop app 10.1.0.0/16 scram-sha-256')
    expect(missingLines(source, lines('local all all peer'))).toEqual([
      'host shop app 10.1.0.0/16 scram-sha-256',
    ])
    expect(missingLines(source, source)).toEqual([])
  })
})

describe('who is shut out at the target', () => {
  const source = lines('host shop app 10.1.0.0/16 scram-sha-256')
  test('one whom no line lets in from the network', () => {
    expect(out(source, lines('local all all peer', 'host all all 127.0.0.1/32 scram-sha-256'))).toEqual([
      'app@shop',
    ])
    expect(out(source, lines('host other app 10.2.0.0/16 scram-sha-256'))).toEqual(['app@shop'])
    expect(out(source, lines('host shop other 10.2.0.0/16 scram-sha-256'))).toEqual(['app@shop'])
    expect(out(source, lines('host shop app 10.2.0.0/16 reject'))).toEqual(['app@shop'])
    expect(out(source, lines('host shop app 10.2.0.0/16 cert'))).toEqual(['app@shop'])
  })
  test('nobody whom another line lets in, from the addresses of that site', () => {
    expect(out(source, lines('hostssl all all 10.2.0.0/16 scram-sha-256'))).toEqual([])
    expect(out(source, lines('host shop app 10.2.0.0/16 trust'))).toEqual([])
    expect(out(source, lines('host all app all md5'))).toEqual([])
  })
  test('one whom a line for all addresses refuses first', () => {
    const target = lines('host shop app 0.0.0.0/0 reject', 'host all all 10.2.0.0/16 scram-sha-256')
    expect(out(source, target)).toEqual(['app@shop'])
  })
  test('one whose password is of the old form, where only SCRAM is allowed', () => {
    const old = lines('host shop app 10.1.0.0/16 md5')
    const target = lines('host shop app 10.2.0.0/16 scram-sha-256')
    expect(out(old, target, { isMd5: true })).toEqual(['app@shop'])
    expect(out(old, target)).toEqual([])
  })
  test('a member of a group that only the source lets in', () => {
    const group = lines('host shop +sellers 10.1.0.0/16 scram-sha-256')
    expect(out(group, lines('local all all peer'), { groups: ['sellers'] })).toEqual(['app@shop'])
    expect(out(group, lines('local all all peer'))).toEqual([])
    expect(out(group, lines('host all all samenet scram-sha-256'), { groups: ['sellers'] })).toEqual([])
  })
  test('a program on the host itself, by its socket or its loopback address', () => {
    expect(out(lines('local shop app md5', 'local all all peer'), lines('local all all peer'))).toEqual([
      'app@shop',
    ])
    const loopback = lines('host all all 127.0.0.1/32 scram-sha-256')
    expect(out(loopback, lines('local all all peer'))).toEqual(['app@shop'])
    expect(out(loopback, lines('host all all 0.0.0.0/0 scram-sha-256'))).toEqual([])
  })
  test('nobody who cannot log in at the source either', () => {
    expect(out(lines('host shop other 10.1.0.0/16 md5'), [])).toEqual([])
  })
})

test.each([
  [5000, undefined],
  [5001, 5000],
])('of %i logins, how many were judged is said where that is not all', async (count, judged) => {
  const logins = Array.from({ length: count }, (_, at) => ({ name: `user${at}`, database: 'shop' }))
  const rule = { type: 'host', database: ['all'], users: ['all'], method: 'md5', address: 'all', options: [] }
  const io = recordingIo({ answers: [onSql('pg_hba_file_rules', [rule]), onSql('pg_roles', logins)] })
  const sql = {
    driver: 'postgres',
    host: 'db',
    port: 5432,
    database: 'postgres',
    user: 'bascule',
    password: '',
  }
  const side = { sql, spec: { databases: ['shop'], replication: { user: 'bascule_replication' } } }
  const sides = { source: side, target: side } as unknown as Sides
  const facts = await accessFacts(sides, 'bascule_replication', io)
  expect(facts.loginsJudged).toBe(judged)
  expect(facts.shutOut).toEqual([])
})

test('libraries are named as their files are', () => {
  expect(preloadNames(' pg_stat_statements,"auto_explain", $libdir/plugins/mine, /opt/own.so')).toEqual([
    'pg_stat_statements',
    'auto_explain',
    'plugins/mine',
  ])
  expect(preloadNames('')).toEqual([])
})
