import { describe, expect, test } from 'vitest'
import { rsyncByHand } from '../../src/kinds/files/actions/reverse-channel.ts'
import { changedSince, rsync, type SyncOptions } from '../../src/kinds/files/commands.ts'
import { filesSpec } from '../../src/kinds/files/spec.ts'
import { Failure } from '../../src/model/failure.ts'
import type { JsonObject } from '../../src/model/json.ts'
import type { Host } from '../../src/model/plan.ts'
import { filesComponent, planWith, there, treesOf } from '../helpers/files-world.ts'

const argvOf = (options: SyncOptions = {}, spec: JsonObject = {}, target: Host = there): string[] => {
  const component = filesComponent(spec)
  return rsync(treesOf(component, planWith(component, target)), options)
}

describe('rsync', () => {
  test('goes from the source tree to the target tree and keeps all that the plan keeps', () => {
    const argv = argvOf()
    expect(argv.slice(0, 2)).toEqual(['rsync', '-aHAXs'])
    expect(argv.slice(-3)).toEqual(['--', '/srv/files/', '10.80.2.20:/srv/copy/'])
    expect(argv).toContain('--numeric-ids')
    expect(argv).toContain('--modify-window=-1')
    expect(argv.filter(word => word.startsWith('--delete'))).toEqual([])
  })

  test.each([
    [{ acls: false }, '-aHXs'],
    [{ xattrs: false }, '-aHAs'],
    [{ hardLinks: false }, '-aAXs'],
  ])('leaves out what the plan does not keep: %o', (preserve, letters) => {
    expect(argvOf({}, { preserve })[1]).toBe(letters)
  })

  test('comes back from target to source, whole or one entry', () => {
    expect(argvOf({ direction: 'back' }).slice(-2)).toEqual(['10.80.2.20:/srv/copy/', '/srv/files/'])
    const marker = argvOf({ direction: 'back', only: '.marker' })
    expect(marker.slice(-2)).toEqual(['10.80.2.20:/srv/copy/.marker', '/srv/files/'])
  })

  test('deletes only when told to, and no more than allowed', () => {
    expect(argvOf({ delete: {} })).toContain('--delete')
    expect(argvOf({ delete: { most: 12 } })).toEqual(expect.arrayContaining(['--delete', '--max-delete=12']))
  })

  test('a limit in Mbit/s becomes the decimal kilobytes that rsync counts in', () => {
    expect(argvOf({ limitMbps: 200 })).toContain('--bwlimit=25000KB')
  })

  test('patterns that stay behind hold for every rsync', () => {
    for (const options of [{}, { direction: 'back' }, { dryRun: true, checksum: true }] as SyncOptions[]) {
      expect(argvOf(options, { exclude: ['cache/', '*.tmp'] })).toEqual(
        expect.arrayContaining(['--exclude=cache/', '--exclude=*.tmp']),
      )
    }
  })

  test('an IPv6 address stands in brackets; a target that wants sudo gets it', () => {
    const argv = argvOf({}, {}, { ...there, address: 'fd00::20', become: 'sudo' })
    expect(argv.at(-1)).toBe('[fd00::20]:/srv/copy/')
    expect(argv).toContain('--rsync-path=sudo -n rsync')
  })

  test('no value of the plan stands in the remote shell', () => {
    const argv = argvOf()
    const shell = argv[argv.indexOf('-e') + 1] ?? ''
    expect(shell).toMatch(/^ssh .*BatchMode=yes/)
    expect(shell).not.toMatch(/10\.80|srv|files/)
  })
})

test('what changed is asked by change time, which no program can set back', () => {
  expect(changedSince('/srv/files', 1795364168.9)).toEqual(
    expect.arrayContaining(['-newerct', '@1795364168.9', '!', '-type', 'd']),
  )
})

test('the command to type by hand is quoted twice: for this shell and for the one at the host', () => {
  const component = filesComponent({ source: { host: 'files', path: "/srv/l'été 2026" } })
  const command = rsyncByHand(treesOf(component, planWith(component)))
  expect(command).toMatch(/^ssh montpellier-files '/)
  expect(command).toContain('--backup-dir=/var/lib/bascule/techcorp/files-files.kept')
})

test('a host that is not among the site’s is named', () => {
  const component = filesComponent({ target: { host: 'nowhere', path: '/srv/files' } })
  expect(() => treesOf(component, planWith(component))).toThrow(Failure)
})

describe('paths of trees', () => {
  const accepts = (path: string): boolean =>
    filesSpec.safeParse({ source: { host: 'a', path }, target: { host: 'a', path: '/srv/x' } }).success
  test.each(['/srv/files', '/data', '/srv/l été/2026', '/srv/.hidden', '/srv/a..b'])('%s is one', path => {
    expect(accepts(path)).toBe(true)
  })
  test.each(['/', '', 'srv', '/srv/', '/srv//x', '/srv/../etc', '/..', '/srv/.', './x', '/srv/a\nb'])(
    '%j is none: it may be erased one day',
    path => {
      expect(accepts(path)).toBe(false)
    },
  )
})
