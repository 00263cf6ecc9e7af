import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { kind } from '../../src/kinds/files/index.ts'
import { damage, equalTrees, failureOf, sites } from './files-sites.ts'
import { portrait, source, startAnew, target } from './files-trees.ts'
import { said } from './said.ts'

/** The night and after it: final delta, comparison, the way back. */
export function describeNight(): void {
  describe('the night', () => {
    beforeEach(() => startAnew(sites))

    const proven = async (): Promise<void> => {
      await sites.apply('preparation', 'first-sync')
      await sites.apply('preparation', 'prove')
    }

    test('a rehearsal measures the delta and changes nothing at either site', async () => {
      await proven()
      await sites.at(source, 'echo more >> /srv/files/docs/owned; rm /srv/files/docs/with-acl')
      const before = [await portrait(sites, source), await portrait(sites, target)]
      expect(await sites.apply('rehearsal', 'measure-delta')).toMatchObject({
        files: 1,
        bytes: 10,
        deleted: 1,
      })
      expect((await sites.measure('deltaBytes', 'rehearsal')).value).toBe(10)
      expect([await portrait(sites, source), await portrait(sites, target)]).toEqual(before)
    })

    test('the final delta sends what changed and keeps the list; run again it sends nothing', async () => {
      await proven()
      await sites.at(source, "cd /srv/files; echo more >> docs/owned; rm docs/with-acl; mv 'élèves' anciens")
      const delta = await sites.apply('live', 'final-delta')
      await equalTrees()
      expect(delta).toMatchObject({ files: 2, deleted: 4, listHost: source })
      expect(await sites.at(source, `cat ${delta.list}`)).toContain('docs/owned')
      expect(await sites.apply('live', 'final-delta')).toMatchObject({ files: 0, bytes: 0, deleted: 0 })
      expect(await sites.apply('live', 'compare')).toMatchObject({ scope: 'changed', different: 0 })
      expect(await sites.measure('filesDifferent')).toMatchObject({ value: 0, figures: { damaged: 0 } })
    })

    test('names that would be comments in a list of rsync are sent and compared like all others', async () => {
      await proven()
      await sites.at(
        source,
        "cd /srv/files; echo more >> '#recycle/old'; echo more >> ';draft'; echo x > '#recycle/new'",
      )
      expect(await sites.apply('live', 'final-delta')).toMatchObject({ way: 'known-list', files: 3 })
      await equalTrees()
      await damage(target, '#recycle/old')
      await damage(target, ';draft')
      expect((await sites.measure('filesDifferent')).value).toBe(2)
      expect(await sites.apply('live', 'compare')).toMatchObject({ scope: 'changed', damaged: 2 })
      await equalTrees()
    })

    test('a file that goes on differing is counted each time', async () => {
      await proven()
      await sites.at(target, 'chattr +i /srv/files/docs/owned')
      await sites.at(source, 'echo more >> /srv/files/docs/owned')
      try {
        expect((await failureOf(sites.apply('live', 'final-delta'))).text.key).toBe('files.sync.partial')
        expect((await failureOf(sites.apply('live', 'compare'))).text.key).toBe('files.sync.partial')
        expect((await sites.measure('filesDifferent')).value).toBeGreaterThan(0)
      } finally {
        await sites.at(target, 'chattr -i /srv/files/docs/owned')
      }
    })

    test('without a proof everything is read', async () => {
      await sites.apply('preparation', 'first-sync')
      await damage(target, 'docs/with-attribute')
      expect(await sites.apply('live', 'compare')).toMatchObject({ scope: 'all', different: 1, damaged: 1 })
      expect((await sites.measure('filesDifferent')).value).toBe(0)
      await equalTrees()
    })

    test('documents that cannot be read are named', async () => {
      await proven()
      expect((await sites.measure('unreadableFiles')).value).toBe(0)
      await sites.at(
        target,
        `cd /srv/files/formations/formation-0001; set -- */vidéo.mp4; head -c 64 /dev/zero > "$1"
         set -- */*.pdf; truncate -s -20 "$1"; set -- */*.png; : > "$1"`,
      )
      const measured = await sites.measure('unreadableFiles')
      expect(measured.value).toBe(3)
      expect(said(measured)).toMatch(/mp4/)
    })

    test('what the source no longer has is deleted by name: every sort of name, whole directories, nothing else', async () => {
      await proven()
      await sites.at(
        target,
        `mkdir /srv/outside; echo kept > /srv/outside/kept; cd /srv/files/élèves; mkdir .bascule-partial
         echo half > .bascule-partial/gone`,
      )
      await sites.at(
        source,
        `cd /srv/files; rm $'docs/two\\nlines' $'docs/not-utf8-\\xff' 'docs/back\\#012slash' docs/-rf docs/dangling docs/pipe
         rm -r 'élèves' vide; echo a file now > vide`,
      )
      const delta = await sites.apply('live', 'final-delta')
      await equalTrees()
      expect(delta).toMatchObject({ way: 'known-list', deleted: 11 })
      expect(await sites.at(source, `cat ${delta.list}`)).toContain('*deleting   docs/-rf')
      expect(await sites.at(target, 'cat /srv/outside/kept; rm -r /srv/outside')).toBe('kept\n')
      expect(await sites.apply('live', 'final-delta')).toMatchObject({ way: 'known-list', deleted: 0 })
      expect((await sites.measure('filesDifferent')).value).toBe(0)
    })

    test('a delta cut short among its deletions is run again and ends as if it had not been', async () => {
      await proven()
      await sites.at(source, "cd /srv/files; rm -r 'élèves'; rm docs/-rf docs/with-acl")
      await sites.at(target, "cd /srv/files; rm docs/-rf 'élèves/année 2026/relevé de notes.txt'")
      expect(await sites.apply('live', 'final-delta')).toMatchObject({ way: 'known-list', deleted: 3 })
      await equalTrees()
    })

    test('an entry that cannot be deleted is named, and goes with the next attempt', async () => {
      await proven()
      await sites.at(source, 'rm /srv/files/docs/-rf /srv/files/docs/owned')
      await sites.at(target, 'chattr +i /srv/files/docs')
      const failure = await failureOf(sites.apply('live', 'final-delta')).finally(() =>
        sites.at(target, 'chattr -i /srv/files/docs'),
      )
      expect(failure.text).toMatchObject({
        key: 'files.delete.failed',
        values: { host: target, path: '/srv/files', detail: expect.stringContaining('./owned') },
      })
      await sites.apply('live', 'final-delta')
      await equalTrees()
    })

    test('what the target alone has and no proof has seen is left to the comparison of the whole tree', async () => {
      await proven()
      await sites.at(source, 'rm /srv/files/docs/-rf')
      await sites.at(target, 'echo stray > /srv/files/docs/stray')
      expect(await sites.apply('live', 'final-delta')).toMatchObject({ way: 'whole-tree', deleted: 2 })
      await equalTrees()
    })

    test('refuses to delete more than the plan allows, and deletes nothing then', async () => {
      await proven()
      const before = await portrait(sites, target)
      await sites.at(source, 'mv /srv/files/formations /srv/away')
      const failure = await failureOf(sites.apply('live', 'final-delta')).finally(() =>
        sites.at(source, 'mv /srv/away /srv/files/formations'),
      )
      expect(failure.text.key).toBe('files.guard.deletions')
      expect(await portrait(sites, target)).toBe(before)
    })
  })

  describe('after the final delta', () => {
    beforeAll(async () => {
      await startAnew(sites)
      await sites.apply('preparation', 'first-sync')
      await sites.apply('preparation', 'prove')
      await sites.at(source, 'echo more >> /srv/files/docs/owned')
      await sites.apply('live', 'final-delta')
      expect((await sites.measure('filesDifferent')).value).toBe(0)
    })

    test.each([
      ['damaged at the target', () => damage(target, 'docs/with-attribute')],
      ['damaged on its way, in what the final delta sent', () => damage(target, 'docs/owned')],
      ['changed at the source under the same size and time', () => damage(source, 'docs/first-name')],
      ['removed at the target', () => sites.at(target, 'rm /srv/files/docs/-rf')],
      ['put at the target by someone', () => sites.at(target, 'echo stray > /srv/files/docs/stray')],
      ['given another owner at the target', () => sites.at(target, 'chown 7 /srv/files/docs/owned')],
    ])(
      'a file %s is found by the measure, sent again by the comparison, and then equal',
      async (_, happen) => {
        await happen()
        const measured = await sites.measure('filesDifferent')
        expect(measured.value).toBeGreaterThan(0)
        expect(said(measured)).toContain('docs/')
        await sites.apply('live', 'compare')
        expect((await sites.measure('filesDifferent')).value).toBe(0)
        await sites.apply('live', 'final-delta')
        expect((await sites.measure('filesDifferent')).value).toBe(0)
        await equalTrees()
      },
    )
  })

  describe('the way back', () => {
    beforeEach(() => startAnew(sites))

    const handedOver = async (): Promise<void> => {
      await sites.apply('preparation', 'first-sync')
      await sites.apply('preparation', 'prove')
      await sites.apply('live', 'final-delta')
      await sites.apply('live', 'reverse-channel')
    }

    test('is proven by a marker that is gone afterwards; apply, undo, apply', async () => {
      const before = await portrait(sites, source)
      await handedOver()
      await sites.undo('live', 'reverse-channel')
      await sites.apply('live', 'reverse-channel')
      expect(await portrait(sites, source)).toBe(before)
      await equalTrees()
    })

    test('brings back what was written, replaced, renamed and deleted at the target, and keeps what it replaces', async () => {
      await handedOver()
      await sites.at(
        target,
        `cd /srv/files; echo new > 'élèves/copie rendue.txt'; echo other > docs/owned; mv docs/-rf docs/renamed; rm docs/with-acl
         printf 'bytes' > $'docs/\xfe'`,
      )
      await sites.undo('live', 'reverse-channel')
      await equalTrees()
      expect(await sites.at(source, 'cat "/srv/files/élèves/copie rendue.txt"')).toBe('new\n')
      const kept = '/var/lib/bascule/contract/files-files.kept-1'
      expect(await sites.at(source, `cd ${kept}; cat docs/owned docs/with-acl docs/-rf`)).toBe('ownedacld')
      const list = '/var/lib/bascule/contract/files-files.hand-back.list'
      expect(await sites.at(source, `cat ${list}`)).toContain('copie rendue.txt')
    })

    test('brings back that whole directories went, and keeps what was in them', async () => {
      await handedOver()
      await sites.at(target, "cd /srv/files; rm -r 'élèves' vide; echo a file now > vide")
      await sites.undo('live', 'reverse-channel')
      await equalTrees()
      const kept = '/var/lib/bascule/contract/files-files.kept-1'
      expect(await sites.at(source, `cat ${kept}/élèves/*/*`)).toBe('un')
    })

    test('after a final delta that deleted, nothing of it comes back and nothing more is lost', async () => {
      await sites.apply('preparation', 'first-sync')
      await sites.apply('preparation', 'prove')
      await sites.at(source, "cd /srv/files; rm -r 'élèves'; rm docs/-rf")
      const before = await portrait(sites, source)
      await sites.apply('live', 'final-delta')
      await sites.apply('live', 'reverse-channel')
      await sites.undo('live', 'reverse-channel')
      expect(await portrait(sites, source)).toBe(before)
      await sites.undo('preparation', 'first-sync')
      expect(await sites.at(target, 'ls -A /srv/files')).toBe('')
    })

    test('leaves damage at the target where it is', async () => {
      await handedOver()
      await damage(target, 'docs/owned')
      await sites.at(target, 'echo new > /srv/files/docs/new')
      await sites.undo('live', 'reverse-channel')
      expect(await sites.at(source, 'cd /srv/files/docs; cat owned new')).toBe('ownednew\n')
    })

    test('never empties the source because the target is empty', async () => {
      await handedOver()
      const before = await portrait(sites, source)
      await sites.at(target, 'mount -t tmpfs none /srv/files')
      const failure = await failureOf(sites.undo('live', 'reverse-channel'))
      await sites.at(target, 'umount /srv/files')
      expect(failure.text.key).toBe('files.guard.empty')
      expect(await portrait(sites, source)).toBe(before)
    })
  })

  describe('the migration closed', () => {
    beforeEach(() => startAnew(sites))

    const traces = (host: string) =>
      sites.at(
        host,
        "find /srv /var/lib/bascule -iname '*bascule*' -o -path '/var/lib/bascule/contract/*' | sort",
      )
    const work = '/var/lib/bascule/contract/files-files'

    test('leaves lists at the source and a note at the target, the old tree read-only, and no copy that an undo would erase', async () => {
      await sites.at(source, 'chmod 777 /srv/files/docs')
      await sites.apply('preparation', 'first-sync')
      await sites.apply('preparation', 'prove')
      for (const name of ['fence', 'final-delta', 'compare', 'reverse-channel'])
        await sites.apply('live', name)
      await sites.at(target, 'cd /srv/files/docs; mkdir .bascule-partial; echo half > .bascule-partial/new')
      const closed = async () => {
        const steps = kind.plan(sites.component, sites.facts.files ?? {}, {
          ...sites.step('live', 'fence'),
          mode: 'close',
        })
        for (const { name } of steps) await sites.apply('close', name)
        return [await traces(source), await traces(target)]
      }
      const left = [`${work}.fence\n${work}.final-delta.list\n`, `${work}.brought.closed\n`].map(
        files => `/var/lib/bascule\n${files}`,
      )
      expect(await closed()).toEqual(left)
      expect(await closed()).toEqual(left)
      expect(sites.results['files.retire']).toEqual({ oldTree: 'put' })
      const late = "runuser -u daemon -- sh -c 'echo late >/srv/files/docs/late' 2>&1 || true"
      expect(await sites.at(source, late)).toContain('Read-only file system')

      const kept = await failureOf(sites.undo('preparation', 'first-sync'))
      expect(kept.text.key).toBe('files.first-sync.kept')
      await sites.at(target, 'echo new > /srv/files/docs/new')
      await sites.undo('close', 'retire')
      for (const name of ['reverse-channel', 'fence']) await sites.undo('live', name)
      expect(await sites.at(source, 'cat /srv/files/docs/new')).toBe('new\n')
      await sites.undo('preparation', 'first-sync')
      expect(await sites.at(target, 'ls -A /srv/files')).toBe('')
    })
  })
}
