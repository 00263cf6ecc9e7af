import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { kind } from '../../src/kinds/files/index.ts'
import { Failure } from '../../src/model/failure.ts'
import { portrait, source, startAnew, target } from './files-trees.ts'
import { raiseTwoSites, type TwoSites } from './two-sites.ts'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 })

let sites: TwoSites
const failureOf = async (call: Promise<unknown>): Promise<Failure> => {
  const failure = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (failure instanceof Failure) return failure
  throw new Error('it was to end with a Failure', { cause: failure })
}
const equalTrees = async (): Promise<void> =>
  expect(await portrait(sites, target)).toBe(await portrait(sites, source))

const describeAsRoot = describe.runIf(process.getuid?.() === 0)

beforeAll(async () => {
  if (process.getuid?.() !== 0) return
  const component = {
    id: 'files',
    spec: { source: { host: 'files', path: '/srv/files' }, target: { host: 'files', path: '/srv/files' } },
  }
  sites = await raiseTwoSites(kind, component, { name: 'files-contract' })
})
afterAll(async () => {
  await sites?.close()
})

describeAsRoot('audit', () => {
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
      ['files.special-files', 'warn'],
    ])
  })
})

describeAsRoot('first sync', () => {
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
    expect((await failureOf(sites.apply('preparation', 'first-sync'))).text.key).toBe('files.guard.unmounted')
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
    expect((await failureOf(sites.undo('preparation', 'first-sync'))).text.key).toBe('files.first-sync.kept')
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

/** Changes a file's content and leaves its size and its times as they were, as damage does. */
const damage = (host: string, path: string): Promise<string> =>
  sites.at(
    host,
    `cd /srv/files; touch -r '${path}' /tmp/times
     printf X | dd of='${path}' bs=1 seek=1 conv=notrunc status=none; touch -r /tmp/times '${path}'`,
  )

describeAsRoot('proof ahead', () => {
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

describeAsRoot('the night', () => {
  beforeEach(() => startAnew(sites))

  const proven = async (): Promise<void> => {
    await sites.apply('preparation', 'first-sync')
    await sites.apply('preparation', 'prove')
  }

  test('a rehearsal measures the delta and changes nothing at either site', async () => {
    await proven()
    await sites.at(source, 'echo more >> /srv/files/docs/owned; rm /srv/files/docs/with-acl')
    const before = [await portrait(sites, source), await portrait(sites, target)]
    expect(await sites.apply('rehearsal', 'measure-delta')).toMatchObject({ files: 1, bytes: 10, deleted: 1 })
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
    expect(measured.detail).toMatch(/mp4/)
  })
})

describeAsRoot('after the final delta', () => {
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
  ])('a file %s is found by the measure, sent again by the comparison, and then equal', async (_, happen) => {
    await happen()
    const measured = await sites.measure('filesDifferent')
    expect(measured.value).toBeGreaterThan(0)
    expect(measured.detail).toContain('docs/')
    await sites.apply('live', 'compare')
    await sites.apply('live', 'final-delta')
    expect((await sites.measure('filesDifferent')).value).toBe(0)
    await equalTrees()
  })
})

describeAsRoot('the way back', () => {
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

const untilNoRsync = async (host: string): Promise<string> => {
  for (let attempt = 0; attempt < 50; attempt++) {
    const running = await sites.at(host, 'pgrep -x rsync || true')
    if (running === '') return ''
    await wait(100)
  }
  return 'rsync is still running'
}
/** Bytes that a host has received on its network. */
const received = async (host: string): Promise<number> =>
  Number(await sites.at(host, "awk '/eth0:/ { print $2 }' /proc/net/dev"))
