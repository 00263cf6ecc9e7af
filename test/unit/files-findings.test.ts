import { expect, test } from 'vitest'
import { kind } from '../../src/kinds/files/index.ts'
import { contextOf, factsOf, filesComponent, soundFacts } from '../helpers/files-world.ts'

const foundIn = (facts: Record<string, unknown>, spec = {}, declared?: { from: number; to: number }) => {
  const component = { ...filesComponent(spec), ...(declared ? { declaredSizeBytes: declared } : {}) }
  const all = kind.findings(
    component,
    factsOf({ ...soundFacts, ...facts }),
    contextOf(component, 'preparation'),
  )
  return all.map(({ id, level }) => `${id} ${level}`)
}

test('a sound estate gives its volume and nothing else', () => {
  expect(foundIn({})).toEqual(['files.volume ok'])
})

test.each([
  [{ sourceState: 'missing' }, 'source-missing block'],
  [{ sourceState: 'empty' }, 'source-empty block'],
  [{ sourceRsync: null }, 'no-rsync-source block'],
  [{ targetRsync: null }, 'no-rsync-target block'],
  [{ targetRsync: '3.1.2' }, 'old-rsync-target block'],
  [{ sourceReachesTarget: false }, 'no-login block'],
  [{ targetFreeBytes: 301e9 }, 'no-space block'],
  [{ targetFreeInodes: 70_200 }, 'no-inodes block'],
  [{ targetState: 'ours', targetFreeBytes: 0.5e9 }, 'no-space block'],
  [{ targetState: 'foreign' }, 'target-foreign warn'],
  [{ targetFilesystem: 'cifs' }, 'filesystem warn'],
  [{ filesystems: 2 }, 'nested-mounts warn'],
  [{ devices: 1, sockets: 2 }, 'special-files warn'],
  [{ acls: null, xattrs: null }, 'attributes-unknown warn'],
  [{ unlikeUsers: ['33 www-data → -'] }, 'unlike-users warn'],
  [{ unlikeGroups: ['33 www-data → -'] }, 'unlike-groups warn'],
  [{ documentsUnreadable: 2 }, 'unreadable warn'],
  [{ sourceFilesystem: 'nfs4' }, 'fence-shared block'],
  [{ fenceLacks: ['unshare'] }, 'fence-programs block'],
  [{ fenceMayMount: false }, 'fence-rights block'],
  [{ fencePassedBy: ['812 smbd (/data)'] }, 'fence-passed warn'],
])('%o: %s', (facts, finding) => {
  expect(foundIn(facts)).toContain(`files.${finding}`)
})

test('once copied, the target needs room for a day’s changes only; without a count of inodes none is missed', () => {
  expect(foundIn({ targetState: 'ours', targetFreeBytes: 5e9, targetFreeInodes: null })).toEqual([
    'files.volume ok',
  ])
})

test.each([
  [{ acls: 3 }, { acls: false }, 'dropped-acls'],
  [{ xattrs: 3 }, { xattrs: false }, 'dropped-xattrs'],
  [{ hardLinked: 3 }, { hardLinks: false }, 'dropped-hard-links'],
])('what is there and would not be kept is said: %o', (facts, preserve, name) => {
  expect(foundIn(facts, { preserve })).toContain(`files.${name} warn`)
  expect(foundIn(facts)).toEqual(['files.volume ok'])
})

test('more than the plan declares is a warning, less is not', () => {
  expect(foundIn({}, {}, { from: 1e9, to: 200e9 })).toContain('files.declared-size warn')
  expect(foundIn({}, {}, { from: 400e9, to: 500e9 })).toContain('files.declared-size ok')
})

test('a link that nobody measured or declared is said, with the rate that durations are computed for', () => {
  const component = filesComponent()
  const context = { ...contextOf(component, 'preparation'), roles: () => [] }
  const found = kind.findings(component, factsOf(soundFacts), context)
  expect(found.map(({ id, level }) => `${id} ${level}`)).toEqual([
    'files.volume ok',
    'files.link-rate-unknown warn',
  ])
  expect(found[1]?.text.values).toMatchObject({ mbps: 100 })
})

test('a plan without a write fence is told what may be lost, and of nothing that a fence would need', () => {
  const unfenceable = { sourceFilesystem: 'nfs4', fenceMayMount: false, fenceLacks: ['mount'] }
  expect(foundIn(unfenceable, { fence: 'none' })).toEqual(['files.volume ok', 'files.fence-none warn'])
})
