import { expect, test } from 'vitest'
import { parseDisk } from '../../src/kinds/files/disk.ts'
import {
  isVersionAtLeast,
  parseAttributes,
  parseNames,
  parseVersion,
  treeSurveyor,
} from '../../src/kinds/files/survey.ts'

test('a tree is counted: a file with two names counts once in bytes, twice in names', () => {
  const now = 1_000_000
  const surveyor = treeSurveyor(now)
  for (const line of [
    'd 4096 2 0 0 1.5 1.5 64768 10',
    'f 100 1 33 33 999999.25 999999.25 64768 11',
    'f 5000 2 33 1000 1.0 1.0 64768 12',
    'f 5000 2 33 1000 1.0 1.0 64768 12',
    'f 7 1 0 0 1.0 999999.0 64769 13',
    'l 9 1 0 0 1.0 1.0 64768 14',
    'p 0 1 0 0 1.0 1.0 64768 15',
    's 0 1 0 0 1.0 1.0 64768 16',
    'c 0 1 0 0 1.0 1.0 64768 17',
    'find: something else',
    '',
  ]) {
    surveyor.onLine(line)
  }
  expect(surveyor.survey()).toEqual({
    files: 4,
    directories: 1,
    symbolicLinks: 1,
    hardLinked: 2,
    devices: 1,
    sockets: 1,
    pipes: 1,
    bytes: 5107,
    largestBytes: 5000,
    churnFiles: 2,
    churnBytes: 107,
    filesystems: 2,
    users: [0, 33],
    groups: [0, 33, 1000],
  })
})

test('ACLs and other attributes are counted apart', () => {
  const output = `# file: /srv/a
system.posix_acl_access
user.owner

# file: /srv/b
system.posix_acl_default
system.posix_acl_access

# file: /srv/c
security.capability

`
  expect(parseAttributes(output)).toEqual({ acls: 2, xattrs: 2 })
  expect(parseAttributes('')).toEqual({ acls: 0, xattrs: 0 })
})

test.each([
  [
    'Type Mounted on Avail IFree\next4 /srv 123 456\n',
    { filesystem: 'ext4', mountPoint: '/srv', freeBytes: 123, freeInodes: 456 },
  ],
  [
    'Type Mounted on Avail IFree\nbtrfs /srv/with space 5 0\n',
    { filesystem: 'btrfs', mountPoint: '/srv/with space', freeBytes: 5, freeInodes: null },
  ],
  ['zfs / 5 -', { filesystem: 'zfs', mountPoint: '/', freeBytes: 5, freeInodes: null }],
  ['nonsense', undefined],
])('df says %j', (output, disk) => {
  expect(parseDisk(output)).toEqual(disk)
})

test('names by number, from passwd and from group', () => {
  const names = parseNames('root:x:0:0:root:/root:/bin/bash\nwww-data:x:33:33::/var/www:/bin/false\n\n')
  expect([...names]).toEqual([
    [0, 'root'],
    [33, 'www-data'],
  ])
  expect([...parseNames('adm:x:4:syslog\n')]).toEqual([[4, 'adm']])
})

test.each([
  ['rsync  version 3.2.7  protocol version 31', '3.2.7'],
  ['rsync  version v3.1.3  protocol version 31', '3.1.3'],
  ['bash: rsync: command not found', null],
])('the version in %j is %j', (output, version) => {
  expect(parseVersion(output)).toBe(version)
})

test.each([
  ['3.2.7', '3.1.3', true],
  ['3.1.3', '3.1.3', true],
  ['3.1.2', '3.1.3', false],
  ['3.10', '3.9.9', true],
  ['2.6.9', '3.1.3', false],
  ['3', '3.0.1', false],
])('%s is at least %s: %j', (version, wanted, answer) => {
  expect(isVersionAtLeast(version, wanted)).toBe(answer)
})
