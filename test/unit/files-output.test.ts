import { describe, expect, test } from 'vitest'
import { decodeNames, encodeNames, shownName } from '../../src/kinds/files/names.ts'
import { countDifferences, parseItem, parseProgress, syncReader } from '../../src/kinds/files/rsync-output.ts'
import { rsyncFailure } from '../../src/kinds/files/sync.ts'
import { filesComponent, planWith, treesOf } from '../helpers/files-world.ts'
import fc from '../helpers/property.ts'

test.each([
  ['        3000006  99%   13.50MB/s    0:00:00 (xfr#5, to-chk=2/10)', 3000006],
  ['              0   0%    0.00kB/s    0:00:00 ', 0],
  ['Total bytes sent: 3001264', undefined],
  ['>f+++++++++ 12 50% 3MB/s 0:00', undefined],
])('progress of %j is %j bytes', (line, bytes) => {
  expect(parseProgress(line)).toBe(bytes)
})

test.each([
  ['>f+++++++++ é à.pdf', 'created', 'é à.pdf'],
  ['<f.st...... d/l2', 'content', 'd/l2'],
  ['<fcst...... grown', 'content', 'grown'],
  ['<fc........ same-size-and-time', 'damaged', 'same-size-and-time'],
  ['<fc..p..... damaged-and-chmod', 'damaged', 'damaged-and-chmod'],
  ['.d..t...... d/', 'attributes', 'd/'],
  ['.f....og... owned', 'attributes', 'owned'],
  ['.f.......a. with-acl', 'attributes', 'with-acl'],
  ['cL+++++++++ d/l', 'created', 'd/l'],
  ['cLc.t...... l', 'content', 'l'],
  ['hf+++++++++ a b.txt => d/hard', 'created', 'a b.txt => d/hard'],
  ['*deleting   stray 2/a', 'deleted', 'stray 2/a'],
])('%j differs by %s', (line, difference, name) => {
  expect(parseItem(line)).toEqual({ difference, name })
})

test.each([
  '',
  'sending incremental file list',
  'Number of files: 11 (reg: 8, dir: 2, link: 1)',
  'total size is 3',
])('%j is no entry', line => {
  expect(parseItem(line)).toBeUndefined()
})

test('a whole output is read line by line', () => {
  const bytes: number[] = []
  const reader = syncReader(done => bytes.push(done))
  for (const line of [
    '              6   0%    4.88kB/s    0:00:00 (xfr#4, to-chk=4/10)',
    '>f+++++++++ new',
    '*deleting   old',
    'Number of files: 1,0 no',
    'Number of files: 1011 (reg: 8, dir: 2, link: 1)',
    'Number of deleted files: 4 (reg: 3, dir: 1)',
    'Number of regular files transferred: 6',
    'Total file size: 3000017 bytes',
    'Total transferred file size: 3000008 bytes',
    'Literal data: 2000000 bytes',
    'Matched data: 1000008 bytes',
  ]) {
    reader.onLine(line)
  }
  const report = reader.report()
  expect(report).toMatchObject({
    entries: 1011,
    totalBytes: 3000017,
    sentFiles: 6,
    sentBytes: 3000008,
    keptBytes: 1000008,
    deleted: 4,
  })
  expect(countDifferences(report)).toBe(2)
  expect(report.examples).toEqual(['new', 'old'])
  expect(bytes).toEqual([6])
})

test('only the first differences are named, all are counted', () => {
  const reader = syncReader()
  for (let index = 0; index < 5000; index++) reader.onLine(`>f+++++++++ ${index}`)
  expect(reader.report().examples).toHaveLength(10)
  expect(reader.report().differences.created).toBe(5000)
})

describe('names', () => {
  test('of any bytes come through unchanged, each once', () => {
    const name = fc
      .uint8Array({ minLength: 1, maxLength: 40 })
      .map(bytes => Buffer.from(bytes.map(byte => byte || 1)).toString('latin1'))
    fc.assert(
      fc.property(fc.array(name), names => {
        const list = encodeNames([...names, ...names])
        expect(decodeNames(list.encoded)).toEqual([...new Set(names)])
        expect(list.count).toBe(new Set(names).size)
      }),
    )
  })
  test('are shown to people as they wrote them', () => {
    expect(shownName(Buffer.from('élève.pdf', 'utf8').toString('latin1'))).toBe('élève.pdf')
  })
})

describe('what went wrong', () => {
  const component = filesComponent()
  const trees = treesOf(component, planWith(component))
  test.each([
    [
      11,
      'rsync: write failed on "x": No space left on device (28)\nrsync error: error in file IO (code 11)',
      'full',
    ],
    [23, 'rsync: mkstemp "x" failed: Disk quota exceeded (122)', 'full'],
    [255, 'root@10.80.2.20: Permission denied (publickey).', 'refused'],
    [255, 'Host key verification failed.', 'refused'],
    [25, 'Deletions stopped due to --max-delete limit (2 skipped)', 'deletions'],
    [127, 'sh: 1: rsync: not found', 'missing'],
    [12, 'sh: 1: rsync: not found\nrsync: connection unexpectedly closed', 'missing'],
    [12, 'rsync: connection unexpectedly closed (0 bytes received so far)', 'link'],
    [255, 'ssh: connect to host 10.80.2.20 port 22: Connection timed out', 'link'],
    [23, 'rsync: set_acl: sys_acl_set_file(x): Operation not supported (95)', 'partial'],
    [3, 'rsync: change_dir "/x" failed', 'failed'],
  ])('code %i, %j: %s', (exitCode, stderr, key) => {
    const failure = rsyncFailure({ exitCode, stderr, stdout: '' }, trees)
    expect(failure.text.key).toBe(`files.sync.${key}`)
    expect(failure.remedy?.key).toBe(`files.sync.${key}.remedy`)
    expect(String(failure.text.values?.detail)).not.toContain('rsync error:')
  })
})
