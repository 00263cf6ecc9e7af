import { createHash, createHmac, pbkdf2Sync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { parseControlData } from '../../src/kinds/postgres/cluster.ts'
import { blocksIn, holds, merge, tile } from '../../src/kinds/postgres/compare/changed.ts'
import { badSequences } from '../../src/kinds/postgres/compare/compare.ts'
import { hashStretches, listRows } from '../../src/kinds/postgres/compare/hash-sql.ts'
import { pair, type Relation } from '../../src/kinds/postgres/compare/relations.ts'
import { compareRows } from '../../src/kinds/postgres/compare/rows.ts'
import { batches } from '../../src/kinds/postgres/compare/scan.ts'
import { bytesBetween, isAtLeast, isPast, lsnToBigint } from '../../src/kinds/postgres/lsn.ts'
import {
  conninfo,
  higherOfBoth,
  passfileLine,
  scramVerifier,
  settingIn,
  settingsFile,
  withoutRules,
  withRules,
} from '../../src/kinds/postgres/settings.ts'
import { readWrite } from '../../src/kinds/postgres/sql.ts'
import fc from '../helpers/property.ts'

describe('positions in the log', () => {
  test('compare and subtract across the 4 GiB border', () => {
    expect(bytesBetween('0/FFFFFFFF', '1/0')).toBe(1)
    expect(bytesBetween('1/0', '0/FFFFFFFF')).toBe(-1)
    expect(isAtLeast('A/10', 'A/10')).toBe(true)
    expect(isPast('A/10', 'A/10')).toBe(false)
    expect(isPast('10/0', 'A/FFFFFFFF')).toBe(true)
  })
  test.each(['', '0', '1/', 'x/1', '123456789/0'])('%j is refused', text => {
    expect(() => lsnToBigint(text)).toThrow(RangeError)
  })
})

describe('pg_controldata', () => {
  const output = `pg_control version number:            1300
Database system identifier:           7711026082915127334
Database cluster state:               shut down in recovery
Latest checkpoint location:           0/411F748
Latest checkpoint's TimeLineID:       1
Min recovery ending loc's timeline:   2
`
  test('says in which state a cluster was left, with the newest timeline it has pages of', () => {
    expect(parseControlData(output)).toEqual({
      state: 'shut down in recovery',
      systemIdentifier: '7711026082915127334',
      timeline: 2,
      checkpoint: '0/411F748',
    })
  })
  test('anything else is refused', () => {
    expect(() => parseControlData('command not found')).toThrow('postgres.controldata.missing')
  })
})

test('a SCRAM verifier holds what RFC 5803 says, and not the password', () => {
  const salt = Buffer.from('0123456789abcdef')
  const salted = pbkdf2Sync('pencil', salt, 4096, 32, 'sha256')
  const clientKey = createHmac('sha256', salted).update('Client Key').digest()
  const stored = createHash('sha256').update(clientKey).digest('base64')
  const verifier = scramVerifier('pencil', salt)
  expect(verifier).toMatch(/^SCRAM-SHA-256\$4096:[A-Za-z0-9+/=]+\$[A-Za-z0-9+/=]{44}:[A-Za-z0-9+/=]{44}$/)
  expect(verifier).toContain(`$${stored}:`)
  expect(scramVerifier('pencil')).not.toBe(scramVerifier('pencil'))
})

describe('pg_hba.conf', () => {
  const rules = [
    { database: 'replication', user: 'r', address: '10.0.0.2' },
    { database: 'postgres', user: 'r', address: 'fd00::1' },
    { database: 'postgres', user: 'r', address: 'db.example' },
  ]
  test('our rules stand first, and go without a trace', () => {
    fc.assert(
      fc.property(fc.string(), file => {
        const edited = withRules(file, 'p/d', rules)
        expect(edited.split('\n').slice(1, 4)).toEqual([
          'hostssl\treplication\tr\t10.0.0.2/32\tscram-sha-256',
          'hostssl\tpostgres\tr\tfd00::1/128\tscram-sha-256',
          'hostssl\tpostgres\tr\tdb.example\tscram-sha-256',
        ])
        expect(withoutRules(edited, 'p/d')).toBe(file)
        expect(withRules(edited, 'p/d', rules)).toBe(edited)
      }),
    )
  })
  test("another plan's rules stay", () => {
    const both = withRules(withRules('local all all peer\n', 'a/d', rules), 'b/d', rules)
    expect(withoutRules(both, 'a/d')).toBe(withRules('local all all peer\n', 'b/d', rules))
  })
})

describe('configuration', () => {
  test('a value comes back from the file as it was given', () => {
    fc.assert(
      fc.property(
        fc.string().filter(text => !/[\n\r]/.test(text)),
        value => {
          expect(settingIn(settingsFile('x', { 'bascule.a': value, b: 2 }), 'bascule.a')).toBe(value)
        },
      ),
    )
  })
  test('a connection string quotes what needs it', () => {
    expect(conninfo({ host: '10.0.0.1', port: 5432, options: "it's \\ it" })).toBe(
      "host=10.0.0.1 port=5432 options='it\\'s \\\\ it'",
    )
  })
  test('a password file escapes its separators', () => {
    expect(passfileLine({ host: 'h', port: 5432, user: 'u', password: 'a:b\\c' })).toBe(
      'h:5432:*:u:a\\:b\\\\c',
    )
  })
  test('both sides get the higher of each limit', () => {
    expect(
      higherOfBoth({ max_connections: 100 }, { max_connections: '250', max_wal_senders: 5 }),
    ).toMatchObject({
      max_connections: 250,
      max_wal_senders: 5,
      max_worker_processes: 0,
    })
  })
})

test('what must be written in spite of the fence is one transaction without BEGIN', () => {
  expect(readWrite('a', 'b')).toBe('SET TRANSACTION READ WRITE; a; b')
})

describe('block ranges', () => {
  const range = fc.tuple(fc.nat(300), fc.nat(40)).map(([from, length]) => ({ from, to: from + length }))
  const blocks = (ranges: { from: number; to: number }[]) =>
    new Set(ranges.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, index) => from + index)))

  test('merged, they hold the same blocks, apart and in order', () => {
    fc.assert(
      fc.property(fc.array(range), ranges => {
        const merged = merge(ranges)
        expect(blocks(merged)).toEqual(new Set([...blocks(ranges)].sort((a, b) => a - b)))
        expect(blocksIn(merged)).toBe(blocks(ranges).size)
        for (const [index, { from }] of merged.entries()) {
          if (index > 0) expect(from).toBeGreaterThan(merged[index - 1]?.to ?? Number.NaN)
        }
      }),
    )
  })
  test('a gap is filled, nothing is ever left out', () => {
    fc.assert(
      fc.property(fc.array(range), fc.nat(8), (ranges, gap) => {
        const merged = merge(ranges, gap)
        for (const block of blocks(ranges)) expect(holds(merged, block)).toBe(true)
      }),
    )
  })
  test('tiled, they hold the same blocks in short parts', () => {
    fc.assert(
      fc.property(range, fc.integer({ min: 1, max: 9 }), (whole, most) => {
        const parts = tile([whole], most)
        expect(blocksIn(parts)).toBe(blocksIn([whole]))
        expect(blocks(parts)).toEqual(blocks([whole]))
        for (const { from, to } of parts) expect(to - from).toBeLessThanOrEqual(most)
      }),
    )
  })
})

const relation = (name: string, more: Partial<Relation> = {}): Relation => ({
  database: 'd',
  databaseOid: 5,
  oid: 100,
  schema: 'public',
  name,
  filenode: 200,
  blocks: 10,
  ...more,
})

describe('relations', () => {
  test('the longer of both sides counts, and what one side lacks is named', () => {
    const rewritten = relation('b', { oid: 101, filenode: 999 })
    const { matched, unmatched } = pair(
      [relation('a'), relation('b', { oid: 101 })],
      [relation('a', { blocks: 12 }), rewritten],
    )
    expect(matched).toEqual([{ ...relation('a'), blocks: 12, shorter: 10 }])
    expect(unmatched).toEqual(['d.public.b', 'd.public.b'])
  })
  test('a batch is of one database, short, and leaves no block out', () => {
    const works = [
      { relation: relation('a'), ranges: [{ from: 0, to: 20_000 }] },
      { relation: relation('b', { database: 'e' }), ranges: [{ from: 3, to: 5 }] },
    ]
    const all = [...batches(works)]
    expect(blocksIn(all.flat().map(stretch => stretch.range))).toBe(20_002)
    for (const batch of all) {
      expect(new Set(batch.map(stretch => stretch.relation.database)).size).toBe(1)
      expect(blocksIn(batch.map(stretch => stretch.range))).toBeLessThanOrEqual(8192)
    }
  })
  test('names are quoted, and old servers are asked place by place', () => {
    const odd = { relation: relation('a"b', { schema: "it's" }), range: { from: 2, to: 4 } }
    expect(hashStretches([odd], 15)).toContain('only "it\'s"."a""b" bascule_row')
    expect(hashStretches([odd], 15)).toContain("ctid >= '(2,0)' and bascule_row.ctid < '(4,0)'")
    expect(hashStretches([odd], 13)).toContain('generate_series(2, 3) block')
    expect(listRows(odd, ['Key'], 15)).toContain(`'Key=' || bascule_row."Key"::text`)
    expect(listRows(odd, [], 15)).toContain("'ctid=' || bascule_row.ctid::text")
  })
})

describe('rows', () => {
  const row = (digest: string, key: string) => ({ digest, key, block: 1 })
  test('a changed row is named once, a missing one at its side', () => {
    expect(
      compareRows(
        [row('x', '1'), row('y', '2'), row('z', '3')],
        [row('x', '1'), row('Y', '2'), row('w', '4')],
      ),
    ).toEqual([
      { key: '2', block: 1, at: 'both' },
      { key: '3', block: 1, at: 'source' },
      { key: '4', block: 1, at: 'target' },
    ])
  })
  test('duplicates pair off one by one', () => {
    const twin = (key: string) => row('same', key)
    expect(compareRows([twin('(0,1)'), twin('(0,2)')], [twin('(0,1)')])).toHaveLength(1)
    expect(compareRows([twin('(0,1)')], [twin('(0,1)'), twin('(0,2)'), twin('(0,3)')])).toHaveLength(2)
  })
  test('equal in any order', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), digests => {
        const rows = digests.map((digest, index) => row(digest, String(index)))
        expect(compareRows(rows, [...rows].reverse())).toEqual([])
      }),
    )
  })
})

describe('sequences', () => {
  const sequence = (last: bigint | null, increment = 1n, cache = 1n) => ({
    name: 's',
    increment,
    cache,
    last,
  })
  test.each([
    ['equal', 5n, 5n, 1n, 1n, false],
    ['ahead by what the log reserves', 5n, 37n, 1n, 1n, false],
    ['ahead by more', 5n, 100n, 1n, 1n, true],
    ['ahead by a large cache', 5n, 130n, 1n, 100n, false],
    ['behind: it would give out a value twice', 5n, 4n, 1n, 1n, true],
    ['counting down and ahead', -5n, -30n, -1n, 1n, false],
    ['counting down and behind', -5n, -4n, -1n, 1n, true],
    ['never used, and used', null, 1n, 1n, 1n, true],
    ['never used', null, null, 1n, 1n, false],
  ] as const)('%s', (_, source, target, increment, cache, bad) => {
    const found = badSequences([sequence(source, increment, cache)], [sequence(target, increment, cache)])
    expect(found).toEqual(bad ? ['s'] : [])
  })
  test('missing at either side', () => {
    expect(badSequences([sequence(1n)], [])).toEqual(['s'])
    expect(badSequences([], [sequence(1n)])).toEqual(['s'])
  })
})
