import { setTimeout as wait } from 'node:timers/promises'
import { beforeEach, describe, expect, test } from 'vitest'
import { kind } from '../../src/kinds/files/index.ts'
import { damage, equalTrees, failureOf, sites } from './files-sites.ts'
import { portrait, source, startAnew, target } from './files-trees.ts'

/** The days before: audit, first sync, proof ahead. */
export function describePreparation(): void {
  describe('audit', () => {
    beforeEach(() => startAnew(sites))

    test('counts what is there and changes nothing', async () => {
      const before = [await portrait(sites, source), await portrait(sites, target)]
      await sites.audit()
      expect([await portrait(sites, source), await portrait(sites, target)]).toEqual(before)
      const value = (name: string) => sites.facts.files?.[name]?.value
      const counted = async (which: string) =>
        (await sites.at(source, `find /srv/files -mindepth 1 ${which} -printf x`)).length
      expect(value('files')).toBe(await counted('-type f'))
      expect(value('directories')).toBe(await counted('-type d'))
      expect(value('symbolicLinks')).toBe(await counted('-type l'))
      expect(value('hardLinked')).toBe(await counted('-type f -links +1'))
      expect(value('pipes')).toBe(1)
      const withAcl = await sites.at(source, "cd /srv/files; getfacl -R -s -p . | grep -c '^# file'")
      expect(value('acls')).toBe(Number(withAcl))
      const withAttribute = await sites.at(
        source,
        "cd /srv/files; getfattr -R -h -m '^user' . | grep -c '^# file'",
      )
      expect(value('xattrs')).toBe(Number(withAttribute))
      expect(value('sourceReachesTarget')).toBe(true)
      expect(value('targetState')).toBe('empty')
      expect(value('documentsChecked')).toBeGreaterThan(50)
      expect(value('documentsUnreadable')).toBe(0)
      const levels = kind
        .findings(sites.component, sites.facts.files ?? {}, {
          plan: sites.plan,
          mode: 'preparation',
          facts: sites.facts,
        })
        .map(finding => [finding.id, finding.level])
      expect(levels).toEqual([
        ['files.volume', 'ok'],
        ['files.link-rate-unknown', 'warn'],
        ['files.special-files', 'warn'],
      ])
    })
  })

  describe('first sync', () => {
    beforeEach(() => startAnew(sites))

    test('apply, undo, apply: every kind of entry arrives, nothing stays, everything arrives again', async () => {
      const empty = await portrait(sites, target)
      await sites.apply('preparation', 'first-sync')
      await equalTrees()
      await sites.undo('preparation', 'first-sync')
      expect(await portrait(sites, target)).toBe(empty)
      expect(await sites.at(target, 'ls -A /var/lib/bascule/contract')).toBe('')
      await sites.undo('preparation', 'first-sync')
      await sites.apply('preparation', 'first-sync')
      await equalTrees()
    })

    test('run again it carries changes, deletions and renames', async () => {
      await sites.apply('preparation', 'first-sync')
      await sites.at(
        source,
        'cd /srv/files; echo more >> docs/owned; rm docs/with-acl; mv docs/-rf docs/moved; mv élèves anciens; mkdir neuf',
      )
      const again = await sites.apply('preparation', 'first-sync')
      await equalTrees()
      expect(again).toMatchObject({ deleted: 5, brought: true })
    })

    test('cut in the middle of a file, it leaves nothing running and goes on from there', async () => {
      await sites.at(source, 'head -c 60M /dev/urandom > /srv/files/big')
      const stop = new AbortController()
      const seen: number[] = []
      const io = sites.io(stop.signal, progress => {
        seen.push(progress.bytesDone ?? 0)
        if ((progress.bytesDone ?? 0) > 20e6) stop.abort(new Error('enough'))
      })
      // Slow enough that a busy machine, which sees progress late, still stops it in the middle.
      const { spec } = sites.component
      sites.component.spec = { ...spec, bandwidthLimitMbps: 80 }
      await failureOf(sites.apply('preparation', 'first-sync', io)).finally(() => {
        sites.component.spec = spec
      })
      for (const host of [source, target]) expect(await untilNoRsync(host)).toBe('')
      const kept = Number(await sites.at(target, 'stat -c %s /srv/files/.bascule-partial/big'))
      expect(kept).toBeGreaterThan(15e6)
      expect(seen).toEqual([...seen].sort((left, right) => left - right))

      const before = await received(target)
      await sites.apply('preparation', 'first-sync')
      expect((await received(target)) - before).toBeLessThan(60 * 1024 * 1024 - kept + 8e6)
      await equalTrees()
    })

    test('refuses a source that is empty, missing or on another disk than audited', async () => {
      await sites.apply('preparation', 'first-sync')
      const before = await portrait(sites, target)
      await sites.at(source, 'mv /srv/files /srv/hidden; mkdir /srv/files')
      expect((await failureOf(sites.apply('preparation', 'first-sync'))).text.key).toBe('files.guard.empty')
      expect((await failureOf(sites.apply('live', 'final-delta'))).text.key).toBe('files.guard.empty')
      await sites.at(source, 'rmdir /srv/files')
      expect((await failureOf(sites.apply('preparation', 'first-sync'))).text.key).toBe('files.guard.missing')
      await sites.at(source, 'mkdir /srv/files; mount -t tmpfs none /srv/files; touch /srv/files/lonely')
      expect((await failureOf(sites.apply('preparation', 'first-sync'))).text.key).toBe(
        'files.guard.unmounted',
      )
      await sites.at(source, 'umount /srv/files; rmdir /srv/files; mv /srv/hidden /srv/files')
      expect(await portrait(sites, target)).toBe(before)
    })

    test('refuses to delete more than the plan allows, and deletes nothing then', async () => {
      await sites.apply('preparation', 'first-sync')
      const before = await portrait(sites, target)
      await sites.at(source, 'mv /srv/files/formations /srv/away')
      const failure = await failureOf(sites.apply('preparation', 'first-sync'))
      await sites.at(source, 'mv /srv/away /srv/files/formations')
      expect(failure.text.key).toBe('files.guard.deletions')
      expect(failure.remedy?.key).toBe('files.guard.deletions.remedy')
      expect(await portrait(sites, target)).toBe(before)
    })

    test('never erases a target that held files before', async () => {
      await sites.at(target, 'echo mine > /srv/files/mine')
      await sites.audit()
      expect(sites.step('preparation', 'first-sync').step.undo).toMatchObject({ possible: false })
      expect((await failureOf(sites.undo('preparation', 'first-sync'))).text.key).toBe(
        'files.first-sync.kept',
      )
      expect(await sites.at(target, 'cat /srv/files/mine')).toBe('mine\n')
    })

    test('a full disk at the target is told as such, with what to do', async () => {
      await sites.at(target, 'mount -t tmpfs -o size=2m none /srv/files')
      try {
        await sites.at(source, 'head -c 8M /dev/urandom > /srv/files/big')
        const failure = await failureOf(sites.apply('preparation', 'first-sync'))
        expect(failure.text.key).toBe('files.sync.full')
        expect(failure.remedy?.values).toMatchObject({ target, targetPath: '/srv/files' })
      } finally {
        await sites.at(target, 'umount /srv/files')
      }
    })

    test('a source that may not log in at the target is told as such', async () => {
      await sites.at(source, 'mv /root/.ssh/id_ed25519 /root/.ssh/kept-away')
      const failure = await failureOf(sites.apply('preparation', 'first-sync'))
      await sites.audit()
      await sites.at(source, 'mv /root/.ssh/kept-away /root/.ssh/id_ed25519')
      expect(failure.text.key).toBe('files.sync.refused')
      expect(sites.facts.files?.sourceReachesTarget?.value).toBe(false)
    })
  })

  describe('proof ahead', () => {
    beforeEach(() => startAnew(sites))

    test('finds damage that size and time do not show, sends it again, and says since when all is proven', async () => {
      await sites.apply('preparation', 'first-sync')
      await damage(target, 'docs/with-attribute')
      expect(await sites.apply('preparation', 'first-sync')).toMatchObject({ sentFiles: 0 })
      const proof = await sites.apply('preparation', 'prove')
      expect(proof).toMatchObject({
        damaged: 1,
        different: 1,
        examples: ['docs/with-attribute'],
        unreadable: 0,
      })
      await equalTrees()
      expect(await sites.apply('preparation', 'prove')).toMatchObject({ damaged: 0, different: 0 })
      expect(sites.step('preparation', 'prove').step.undo.possible).toBe(false)
    })

    test('clears away what was left of files that never came whole', async () => {
      await sites.apply('preparation', 'first-sync')
      await sites.at(
        target,
        'mkdir -p /srv/files/docs/.bascule-partial; echo half > /srv/files/docs/.bascule-partial/gone',
      )
      await sites.apply('preparation', 'prove')
      expect(await sites.at(target, 'find /srv/files -name ".bascule*"')).toBe('')
    })
  })
}

const untilNoRsync = async (host: string): Promise<string> => {
  for (let attempt = 0; attempt < 2000; attempt++) {
    const running = await sites.at(host, 'pgrep -x rsync || true')
    if (running === '') return ''
    await wait(100)
  }
  return 'rsync is still running'
}
/** Bytes that a host has received on its network. */
const received = async (host: string): Promise<number> =>
  Number(await sites.at(host, "awk '/eth0:/ { print $2 }' /proc/net/dev"))
